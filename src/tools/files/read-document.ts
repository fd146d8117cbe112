/** The words of a PDF or an office file, made of it where nothing else can be reached. Throws `AppError`: it is none. */
export type ReadDocument = (name: string, bytes: Uint8Array, signal: AbortSignal) => Promise<string>;

export interface CommandIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly isTerminal: { readonly input: boolean; readonly output: boolean; readonly error: boolean };
  readonly columns: number;
  write(text: string): Promise<void>;
  writeError(text: string): Promise<void>;
  readAllInput(signal: AbortSignal): Promise<Uint8Array>;
}

/** All that a command touches of the process it runs in. Made once, in `program.ts`; tests hand in their own. */
export interface CommandIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly isTerminal: { readonly input: boolean; readonly output: boolean; readonly error: boolean };
  /** Width of the terminal; 80 where there is none. */
  readonly columns: number;
  /** Its height; 24 where there is none. */
  readonly rows: number;
  /** Resolves when the bytes have left the process. Rejects with the system error: a closed pipe, a full disk. */
  write(text: string): Promise<void>;
  /** The same on standard error. */
  writeError(text: string): Promise<void>;
  readAllInput(signal: AbortSignal): Promise<Uint8Array>;
}

/** For the commands that care what standard input is and take it piece by piece. */
export interface StreamIo extends CommandIo {
  readonly input: InputStream;
}

export interface InputStream {
  /** What stands behind it: a pipe ends when its writer is done, a socket is often one that nobody will ever write to. */
  kind(): Promise<InputKind>;
  /** The bytes as they come. Cancelling the stream leaves the rest unread. */
  stream(): ReadableStream<Uint8Array>;
}

export type InputKind = "terminal" | "file" | "pipe" | "socket" | "nothing";

/** What the shell is told. 130 and 143 (a signal ended it) are added by `program.ts`. */
export type ExitCode = 0 | 1 | 2;

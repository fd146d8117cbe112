import type { InputKind, StreamIo } from "../../src/commands/command-io.ts";

export interface FakeIo extends StreamIo {
  readonly out: string;
  readonly err: string;
}

export interface FakeIoOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Standard output and standard error are a terminal. */
  readonly isTerminal?: boolean;
  readonly columns?: number;
  /** What stands on standard input; nobody sits there either way. */
  readonly input?: string;
  readonly inputKind?: InputKind;
}

/** A process's surroundings in memory. */
export function createFakeIo(options: FakeIoOptions = {}): FakeIo {
  let out = "";
  let err = "";
  const isTerminal = options.isTerminal ?? false;
  const kind = options.inputKind ?? (options.input === undefined ? "nothing" : "pipe");
  return {
    get out() {
      return out;
    },
    get err() {
      return err;
    },
    env: options.env ?? {},
    cwd: options.cwd ?? "/",
    isTerminal: { input: kind === "terminal", output: isTerminal, error: isTerminal },
    columns: options.columns ?? 80,
    rows: 24,
    write: async (text) => {
      out += text;
    },
    writeError: async (text) => {
      err += text;
    },
    readAllInput: async () => new TextEncoder().encode(options.input ?? ""),
    input: {
      kind: async () => kind,
      stream: () => new Blob([options.input ?? ""]).stream(),
    },
  };
}

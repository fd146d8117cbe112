import type { CommandIo, InputKind, TextInput, TextOutput } from "./command-io.ts";
import { isTerminal } from "./is-terminal.ts";

/** The real thing. Built on Bun's own descriptors: `process.stdout` would load Node's streams on every start. */
export function createProcessIo(): CommandIo {
  return {
    stdin: new ProcessInput(),
    stdout: new ProcessOutput(1, Bun.stdout),
    stderr: new ProcessOutput(2, Bun.stderr),
    env: process.env,
    cwd: process.cwd(),
  };
}

class ProcessOutput implements TextOutput {
  readonly #descriptor: number;
  readonly #file: Bun.BunFile;
  #sink: Bun.FileSink | undefined;
  #isTerminal: boolean | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(descriptor: number, file: Bun.BunFile) {
    this.#descriptor = descriptor;
    this.#file = file;
  }

  get isTerminal(): boolean {
    this.#isTerminal ??= isTerminal(this.#descriptor);
    return this.#isTerminal;
  }

  get hasColor(): boolean {
    const { NO_COLOR, TERM } = process.env;
    return this.isTerminal && (NO_COLOR === undefined || NO_COLOR === "") && TERM !== "dumb";
  }

  get columns(): number {
    // oxlint-disable-next-line no-restricted-properties -- asked only of a terminal
    const width = this.isTerminal ? process.stdout.columns : Number(process.env["COLUMNS"]);
    return Number.isInteger(width) && width > 0 ? width : 80;
  }

  async write(text: string): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (text === "") return;
    try {
      this.#sink ??= this.#file.writer();
      await this.#sink.write(text);
      await this.#sink.flush();
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }
}

class ProcessInput implements TextInput {
  #isTerminal: boolean | undefined;

  get isTerminal(): boolean {
    this.#isTerminal ??= isTerminal(0);
    return this.#isTerminal;
  }

  async kind(): Promise<InputKind> {
    if (this.isTerminal) return "terminal";
    try {
      const stat = await Bun.stdin.stat();
      if (stat.isFIFO()) return "pipe";
      if (stat.isSocket()) return "socket";
      return stat.isFile() ? "file" : "nothing";
    } catch {
      // A closed descriptor is no input.
      return "nothing";
    }
  }

  stream(): ReadableStream<Uint8Array> {
    return Bun.stdin.stream();
  }
}

import { AppError } from "../errors.ts";
import type { InputKind, StreamIo } from "./command-io.ts";
import { isTerminal } from "../libc.ts";
import { readAll } from "./read-all.ts";
import { systemWords } from "../words/english/system.ts";

/** The real thing. Built on Bun's own descriptors: `process.stdout` would load Node's streams on every start. */
export function createProcessIo(): StreamIo {
  const stdout = new ProcessOutput(Bun.stdout);
  const stderr = new ProcessOutput(Bun.stderr);
  const terminals = new ProcessTerminals();
  return {
    env: process.env,
    get cwd() {
      return findFolder();
    },
    isTerminal: terminals,
    get columns() {
      return toSize(terminals.output ? readWindow()[0] : Number(process.env["COLUMNS"]), 80);
    },
    get rows() {
      return toSize(terminals.output ? readWindow()[1] : undefined, 24);
    },
    write: (text) => stdout.write(text),
    writeError: (text) => stderr.write(text),
    readAllInput: (signal) => readAll(Bun.stdin.stream(), signal),
    input: {
      kind: () => findInputKind(terminals),
      stream: () => Bun.stdin.stream(),
    },
  };
}

/** As it is now: a person may have changed it. */
function readWindow(): readonly (number | undefined)[] {
  // oxlint-disable-next-line no-restricted-properties -- asked only of a terminal
  return process.stdout.getWindowSize();
}

function toSize(size: number | undefined, otherwise: number): number {
  return size !== undefined && Number.isInteger(size) && size > 0 ? size : otherwise;
}

function findFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw new AppError("io", systemWords.folderGone(), { cause: error });
  }
}

class ProcessOutput {
  readonly #file: Bun.BunFile;
  #sink: Bun.FileSink | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(file: Bun.BunFile) {
    this.#file = file;
  }

  /** A failed output stays failed: nothing is written behind a gap. */
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

/** Each is asked for when it is needed, and once. */
class ProcessTerminals {
  readonly #known: (boolean | undefined)[] = [];

  get input(): boolean {
    return this.#ask(0);
  }

  get output(): boolean {
    return this.#ask(1);
  }

  get error(): boolean {
    return this.#ask(2);
  }

  #ask(descriptor: number): boolean {
    return (this.#known[descriptor] ??= isTerminal(descriptor));
  }
}

async function findInputKind(terminals: ProcessTerminals): Promise<InputKind> {
  if (terminals.input) return "terminal";
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

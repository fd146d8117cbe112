import { writeSync } from "node:fs";
import { AppError } from "../../errors.ts";
import { systemWords } from "../../words/english/system.ts";
import { openLibc } from "../../libc.ts";
import { sandboxWords } from "../../words/english/sandbox.ts";
import { Descriptor } from "./descriptor.ts";

export interface Pipe extends Disposable {
  readonly read: Descriptor;
  readonly write: Descriptor;
}

/** What a new pipe takes without a reader: the kernel's default capacity. */
const capacity = 64 * 1024;
const closeOnExec = 0o2000000;

/**
 * A maker of real pipes. Bun's own "pipe" is a socket, and a program inside cannot open that as `/dev/stdout`
 * or `/dev/stdin`; nor can it be filled before the child starts.
 */
export function createPipeOpener(): () => Pipe {
  const pipe2 = loadPipe2();
  return () => {
    const ends = new Int32Array(2);
    const [read, write] = pipe2(ends, closeOnExec) === 0 ? ends : [];
    if (read === undefined || write === undefined) {
      throw new AppError("sandbox-failed", systemWords.tooManyFiles());
    }
    const pipe = { read: new Descriptor(read), write: new Descriptor(write) };
    return {
      ...pipe,
      [Symbol.dispose]() {
        pipe.read.close();
        pipe.write.close();
      },
    };
  };
}

/** The reading end of a pipe that already holds `data` and nothing more. */
export function toFilledPipe(openPipe: () => Pipe, data: string | Uint8Array): Descriptor {
  const bytes = Buffer.from(data);
  if (bytes.length > capacity) {
    throw new AppError("sandbox-failed", "The environment of the command is larger than 64 KiB.");
  }
  const pipe = openPipe();
  try {
    if (bytes.length > 0) writeSync(pipe.write.number, bytes);
    return pipe.read;
  } finally {
    pipe.write.close();
  }
}

function loadPipe2(): (ends: Int32Array, flags: number) => number {
  const libc = openLibc({ pipe2: { args: ["ptr", "i32"], returns: "i32" } });
  if (libc === undefined) throw new AppError("sandbox-unavailable", sandboxWords.noLibrary());
  return (ends, flags) => libc.pipe2(ends, flags);
}

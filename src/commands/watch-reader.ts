import { constants, openSync, statSync } from "node:fs";
import { systemCode } from "../errors.ts";

export interface Reader extends Disposable {
  /** Aborts as a write to nobody would fail. */
  readonly gone: AbortSignal;
}

/**
 * Notices when whoever reads standard output has gone (`| head -1`), for a command that may have nothing to write for hours.
 * A pipe is looked at by the event loop, through a descriptor of its own.
 */
export async function watchReader(path: string = "/dev/fd/1"): Promise<Reader> {
  const gone = new AbortController();
  let isOver = false;
  const leave = (): void => {
    if (!isOver) gone.abort(Object.assign(new Error("Nobody reads any more."), { code: "EPIPE" }));
  };
  try {
    if (!statSync(path).isFIFO()) return unwatched;
    // Otherwise it would wait for a reader where there is none any more.
    const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    // The descriptor is what counts; its type asks for a name as well.
    const options = { fd, unix: path, socket: { data() {}, error: leave, close: leave } };
    // oxlint-disable-next-line no-restricted-properties -- our own standard output, no network
    const pipe = await Bun.connect(options);
    return {
      gone: gone.signal,
      [Symbol.dispose]() {
        isOver = true;
        pipe.end();
      },
    };
  } catch (error) {
    if (systemCode(error) !== "ENXIO") return unwatched;
    leave();
    return { ...unwatched, gone: gone.signal };
  }
}

/** The next write tells. */
const unwatched: Reader = { gone: new AbortController().signal, [Symbol.dispose]() {} };

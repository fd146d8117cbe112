import { AppError } from "../errors.ts";
import type { CommandIo } from "./command-io.ts";

export const maxInputBytes = 1024 * 1024;

export interface ReadInputOptions {
  /** Ends the reading with what has come so far. */
  readonly until?: AbortSignal;
  /** Something has come. */
  readonly onData?: () => void;
}

/** Standard input to its end. Throws `AppError("usage")` beyond a megabyte. */
export async function readAllInput(
  io: CommandIo,
  signal: AbortSignal,
  { until, onData }: ReadInputOptions = {},
): Promise<Uint8Array> {
  const reader = io.stdin.stream().getReader();
  const ended = until === undefined ? signal : AbortSignal.any([signal, until]);
  const onEnd = (): void => void reader.cancel().catch(() => {});
  ended.addEventListener("abort", onEnd, { once: true });
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    signal.throwIfAborted();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      onData?.();
      chunks.push(value);
      size += value.byteLength;
      if (size > maxInputBytes) throw tooLarge();
    }
    signal.throwIfAborted();
    return Buffer.concat(chunks);
  } finally {
    ended.removeEventListener("abort", onEnd);
    reader.releaseLock();
  }
}

export function tooLarge(): AppError {
  return new AppError("usage", "The message is larger than 1 MB.", {
    hint: "Share the folder instead, and say which file: --folder PATH",
  });
}

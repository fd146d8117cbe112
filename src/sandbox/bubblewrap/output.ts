import type { Descriptor } from "./descriptor.ts";

/** One output of a call. */
export interface Output {
  /** Holds back the command, through its pipe, when nobody reads. */
  readonly stream: ReadableStream<Uint8Array>;
  /** Ends the stream and closes the pipe; harmless when both are over. */
  release(): Promise<void>;
  /** Settles when it is over. Never rejects. */
  readonly released: Promise<void>;
}

/** Enough that what commands usually print is taken off their hands without a reader. */
const bufferBytes = 64 * 1024;

/** `onBytes` hears of every part before it is handed on. */
export function toOutput(pipe: Descriptor, onBytes: (count: number) => void): Output {
  const reader = Bun.file(pipe.number).stream().getReader();
  const released = Promise.withResolvers<void>();
  let isOver = false;
  function end(): void {
    if (isOver) return;
    isOver = true;
    pipe.close();
    released.resolve();
  }
  async function release(): Promise<void> {
    if (isOver) return;
    await reader.cancel();
    end();
  }
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const chunk = await reader.read();
        if (!chunk.done) {
          onBytes(chunk.value.byteLength);
          return controller.enqueue(chunk.value);
        }
        end();
        controller.close();
      },
      cancel: release,
    },
    { highWaterMark: bufferBytes, size: (chunk) => chunk?.byteLength ?? 0 },
  );
  return { stream, release, released: released.promise };
}

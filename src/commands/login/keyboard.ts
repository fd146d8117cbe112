import type { Keyboard } from "./prompt.ts";

/** The terminal at standard input, in raw mode until it is disposed. Loads a stream stack: only for screens that ask. */
export function openKeyboard(): Keyboard {
  const { stdin } = process;
  const chunks: Uint8Array[] = [];
  let hasEnded = false;
  let wake = (): void => {};
  function take(chunk: Uint8Array): void {
    chunks.push(chunk);
    wake();
  }
  function end(): void {
    hasEnded = true;
    wake();
  }
  if (stdin.isTTY) stdin.setRawMode(true);
  stdin.on("data", take).on("end", end).on("error", end);
  stdin.resume();
  return {
    async read(signal) {
      while (chunks.length === 0 && !hasEnded) {
        signal.throwIfAborted();
        await new Promise<void>((resolve) => {
          wake = resolve;
          signal.addEventListener("abort", () => resolve(), { once: true });
        });
      }
      signal.throwIfAborted();
      return chunks.shift();
    },
    async [Symbol.asyncDispose]() {
      stdin.off("data", take).off("end", end).off("error", end);
      if (stdin.isTTY) stdin.setRawMode(false);
      stdin.pause();
    },
  };
}

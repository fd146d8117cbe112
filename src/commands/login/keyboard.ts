/* oxlint-disable no-restricted-properties -- loaded for a person at a terminal only, who does not notice 6 ms */
import type { Keyboard } from "./prompt.ts";

/** The terminal at standard input, in raw mode until it is disposed. */
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
  function leaveRawMode(): void {
    if (stdin.isTTY) stdin.setRawMode(false);
  }
  if (stdin.isTTY) stdin.setRawMode(true);
  // However the process ends, short of SIGKILL, the terminal is put back as it was.
  process.on("exit", leaveRawMode);
  stdin.on("data", take).on("end", end).on("error", end);
  stdin.resume();
  return {
    async read(signal) {
      while (chunks.length === 0 && !hasEnded) {
        signal.throwIfAborted();
        await untilWoken(signal, (resolve) => {
          wake = resolve;
        });
      }
      signal.throwIfAborted();
      return chunks.shift();
    },
    async [Symbol.asyncDispose]() {
      stdin.off("data", take).off("end", end).off("error", end);
      process.off("exit", leaveRawMode);
      leaveRawMode();
      stdin.pause();
    },
  };
}

/** Resolves when it is woken or the signal aborts; leaves no listener behind. */
async function untilWoken(signal: AbortSignal, arm: (resolve: () => void) => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  arm(resolve);
  signal.addEventListener("abort", wakeUp, { once: true });
  await promise;
  signal.removeEventListener("abort", wakeUp);
  function wakeUp(): void {
    resolve();
  }
}

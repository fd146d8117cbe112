import type { Keyboard } from "../../src/commands/login/prompt.ts";

/** Types what it is told, piece by piece; then the input ends, unless it `staysOpen`. */
export function createFakeKeyboard(pieces: readonly (string | Uint8Array)[], staysOpen = false): Keyboard {
  const waiting = pieces.map((piece) =>
    typeof piece === "string" ? new TextEncoder().encode(piece) : piece,
  );
  let isClosed = false;
  return {
    async read(signal) {
      signal.throwIfAborted();
      if (isClosed) throw new Error("the keyboard was closed");
      const next = waiting.shift();
      if (next !== undefined || !staysOpen) return next;
      return new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
    },
    async [Symbol.asyncDispose]() {
      isClosed = true;
    },
  };
}

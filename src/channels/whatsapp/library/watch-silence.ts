import type { Socket } from "./load.ts";

/**
 * Calls `onSilence` once nothing has come over the connection for so long. The library asks for a sign of life in between: a
 * connection that stands is never silent, and one that ended without a word is.
 */
export function watchSilence({ ws }: Pick<Socket, "ws">, limitMs: number, onSilence: () => void): Disposable {
  const timer = setTimeout(onSilence, limitMs);
  const refresh = (): void => void timer.refresh();
  ws.on("frame", refresh);
  return {
    [Symbol.dispose]() {
      ws.off("frame", refresh);
      clearTimeout(timer);
    },
  };
}

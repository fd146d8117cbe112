import type { Clock } from "../clock.ts";
import type { Store } from "./store.ts";

/** What any process writes to the store, noticed without asking for it. */
export interface Writes extends Disposable {
  /** Whether something was written, since the last call, within `ms`. */
  next(ms: number, clock: Clock, signal: AbortSignal): Promise<boolean>;
}

export async function watchWrites({ folder, file }: Pick<Store, "folder" | "file">): Promise<Writes> {
  const { watch } = await import("node:fs");
  const log = file.slice(folder.length + 1);
  let written = new AbortController();
  const watcher = watch(folder, (_, name) => {
    if (name === null || name.startsWith(log)) written.abort();
  });
  // Out of watches: the liveness check still stands.
  watcher.on("error", () => watcher.close());
  return {
    async next(ms, clock, signal) {
      try {
        await clock.sleep(ms, AbortSignal.any([signal, written.signal]));
        return false;
      } catch {
        signal.throwIfAborted();
        written = new AbortController();
        return true;
      }
    },
    [Symbol.dispose]: () => watcher.close(),
  };
}

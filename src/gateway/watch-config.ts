import { watch } from "node:fs";
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import type { Log } from "../log.ts";

export interface WatchConfigOptions {
  /** Where `config.json` and `secrets.json` stand. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly load: () => Promise<Config>;
  readonly apply: (config: Config) => Promise<void>;
}

/** An editor writes a file in several steps. */
const settleMs = 100;

/** Applies the configuration when its file changes; one that cannot be read leaves everything as it is, and is told. */
export function watchConfig(options: WatchConfigOptions): AsyncDisposable {
  const { folder, clock, log, load, apply } = options;
  const stop = new AbortController();
  let work: Promise<void> = Promise.resolve();
  let isPending = false;
  const watcher = watch(folder, (_, name) => {
    if (isPending || (name !== "config.json" && name !== "secrets.json")) return;
    isPending = true;
    work = work.then(reload);
  });
  watcher.on("error", (error) => log.warn("changes of the configuration are no longer seen", { error }));

  async function reload(): Promise<void> {
    try {
      await clock.sleep(settleMs, stop.signal);
      isPending = false;
      await apply(await load());
      log.info("the configuration was read again");
    } catch (error) {
      isPending = false;
      if (!stop.signal.aborted) {
        log.error("the configuration has an error; the one before stays in use", { error });
      }
    }
  }

  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      watcher.close();
      await work;
    },
  };
}

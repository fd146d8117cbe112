import { watch } from "node:fs";
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import type { Log } from "../log.ts";
import { configFiles, stampConfig } from "./config-stamp.ts";

export interface WatchConfigOptions {
  /** Where `config.json` and `secrets.json` stand. */
  readonly folder: string;
  /** What `stampConfig` said before the configuration in use was read: what changed since then counts too. */
  readonly since: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly load: () => Promise<Config>;
  readonly apply: (config: Config) => Promise<void>;
  /** What came of it: undefined when it is in use. */
  readonly onOutcome: (problem: unknown) => void;
}

/** An editor writes a file in several steps. */
const settleMs = 100;

/** Applies the configuration when its file changes; one that cannot be read leaves everything as it is, and is told. */
export function watchConfig(options: WatchConfigOptions): AsyncDisposable {
  const { folder, since, clock, log, load, apply, onOutcome } = options;
  const stop = new AbortController();
  let work: Promise<void> = Promise.resolve();
  let isPending = false;
  const reloadSoon = (): void => {
    if (isPending) return;
    isPending = true;
    work = work.then(reload);
  };
  const watcher = watch(folder, (_, name) => {
    if (name !== null && configFiles.includes(name)) reloadSoon();
  });
  void stampConfig(folder).then((now) => now === since || reloadSoon());
  watcher.on("error", (error) => log.warn("changes of the configuration are no longer seen", { error }));

  async function reload(): Promise<void> {
    try {
      await clock.sleep(settleMs, stop.signal);
      isPending = false;
      await apply(await load());
      log.info("the configuration was read again");
      onOutcome(undefined);
    } catch (error) {
      isPending = false;
      if (!stop.signal.aborted) {
        log.error("the configuration has an error; the one before stays in use", { error });
        onOutcome(error);
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

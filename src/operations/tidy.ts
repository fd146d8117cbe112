import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import type { Log } from "../log.ts";
import { dropOldArchives } from "./drop-old-archives.ts";
import { dropOldRecords } from "../store/old-records.ts";
import type { Store } from "../store/store.ts";

export interface TidyOptions {
  readonly store: Pick<Store, "database" | "folder">;
  readonly clock: Clock;
  /** As it is when it is asked. */
  readonly retention: () => Config["retention"];
  readonly log: Log;
}

const dayMs = 86_400_000;
/** Not in the first moments of a start, and not with the daily backup, which comes after one. */
const settleMs = 5 * 60_000;

/** For a gateway: takes away once a day what the configuration keeps for a while only. Ends when it is disposed of. */
export function keepTidy(options: TidyOptions): AsyncDisposable {
  const stop = new AbortController();
  const work = tidyEachDay(options, stop.signal);
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await work;
    },
  };
}

/** Never throws: what could not be taken away today is taken away tomorrow. */
async function tidyEachDay(
  { store, clock, retention, log }: TidyOptions,
  signal: AbortSignal,
): Promise<void> {
  for (let waitMs = settleMs; !signal.aborted; waitMs = dayMs) {
    try {
      await clock.sleep(waitMs, signal);
      const { journalDays, messageDays, conversationDays } = retention();
      const before = (days: number): number | undefined =>
        days === 0 ? undefined : clock.now() - days * dayMs;
      const limits = { journalBefore: before(journalDays), messagesBefore: before(messageDays) };
      const { turns, sessions, messages, replies } = await dropOldRecords(store.database, limits, signal);
      const archivesBefore = before(conversationDays);
      const archives =
        archivesBefore === undefined ? 0 : await dropOldArchives(store, archivesBefore, signal);
      if (turns + sessions + messages + replies + archives > 0)
        log.info("old records were taken away", { turns, sessions, messages, replies, archives });
    } catch (error) {
      if (signal.aborted) return;
      log.error("old records could not be taken away", { error });
    }
  }
}

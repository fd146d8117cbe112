import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { listSpokenSessions, type SpokenSession } from "../store/idle-sessions.ts";
import type { GroupId, SessionId } from "../store/ids.ts";
import type { Store } from "../store/store.ts";

export interface IdleWatchOptions {
  readonly store: Pick<Store, "database">;
  readonly clock: Clock;
  /** As it is when it is asked; 0: never. */
  readonly idleHours: () => number;
  /** Resolves when the group's conversation has been put to rest, or could not be: that is tried again when somebody has spoken there. */
  readonly rest: (group: GroupId, signal: AbortSignal) => Promise<void>;
  readonly log: Log;
}

const hourMs = 60 * 60_000;
/** While it is switched off, how soon the configuration is looked at again. */
const offMs = 24 * hourMs;

/** Puts conversations to rest in which nobody has spoken for long. Ends when it is disposed of. */
export function watchIdle(options: IdleWatchOptions): AsyncDisposable {
  const stop = new AbortController();
  const work = watch(options, stop.signal);
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await work;
    },
  };
}

/** One timer, for the next that may be due: whoever speaks meanwhile only puts it off. */
async function watch(options: IdleWatchOptions, signal: AbortSignal): Promise<void> {
  const { store, clock, idleHours, rest, log } = options;
  const rested = new Map<SessionId, number>();
  while (!signal.aborted) {
    try {
      const idleMs = idleHours() * hourMs;
      const waiting = (await listSpokenSessions(store.database)).filter(
        ({ session, sequence }) => rested.get(session) !== sequence,
      );
      const isDue = ({ lastAt }: SpokenSession): boolean =>
        idleMs > 0 && lastAt.getTime() + idleMs <= clock.now();
      for (const { group, session } of waiting.filter(isDue)) {
        await rest(group, signal);
        // What was written by the rest itself is no reason for another.
        const now = (await listSpokenSessions(store.database)).find((each) => each.session === session);
        if (now !== undefined) rested.set(session, now.sequence);
      }
      const next = waiting.find((each) => !isDue(each))?.lastAt.getTime();
      const waitMs = idleMs === 0 ? offMs : Math.min((next ?? clock.now()) + idleMs - clock.now(), idleMs);
      await clock.sleep(Math.max(waitMs, 1), signal);
    } catch (error) {
      if (signal.aborted) return;
      log.error("conversations could not be put to rest", { error });
      await clock.sleep(hourMs, signal).catch(() => {});
    }
  }
}

import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { GroupId } from "../store/ids.ts";
import type { GroupQueue, Lane } from "./group-queue.ts";
import { createShutdown } from "./shutdown.ts";

export interface GroupPumpOptions {
  readonly queue: GroupQueue;
  readonly lane: Lane;
  readonly clock: Clock;
  readonly log: Log;
  /** One piece of a group's work. True: more may wait. Throws when it has to be tried again later. */
  readonly serve: (group: GroupId, signal: AbortSignal) => Promise<boolean>;
  /** What the log says then. */
  readonly retryMessage: string;
}

/** Then twice as long each time. */
const firstRetryMs = 5_000;
const longestRetryMs = 5 * 60_000;

/** Serves a group as long as something waits there, in its place of the queue, and again later when that fails. */
export class GroupPump {
  readonly #options: GroupPumpOptions;
  readonly #queued = new Set<GroupId>();
  readonly #failures = new Map<GroupId, number>();
  readonly #ending = new AbortController();

  constructor(options: GroupPumpOptions) {
    this.#options = options;
  }

  /** Nothing is tried again any more. */
  stop(): void {
    this.#ending.abort(createShutdown());
  }

  /** Something waits in the group. */
  wake(group: GroupId): void {
    if (this.#queued.has(group) || this.#ending.signal.aborted) return;
    this.#queued.add(group);
    const { queue, lane, serve } = this.#options;
    void queue.run(group, lane, async (signal) => {
      this.#queued.delete(group);
      try {
        if (await serve(group, signal)) this.wake(group);
        this.#failures.delete(group);
      } catch (error) {
        if (!signal.aborted) this.#tryLater(group, error);
      }
    });
  }

  #tryLater(group: GroupId, error: unknown): void {
    const { clock, log, retryMessage } = this.#options;
    const failures = (this.#failures.get(group) ?? 0) + 1;
    this.#failures.set(group, failures);
    const waitMs = Math.min(firstRetryMs * 2 ** (failures - 1), longestRetryMs);
    log.warn(retryMessage, { group, waitMs, error });
    void clock.sleep(waitMs, this.#ending.signal).then(
      () => this.wake(group),
      () => {},
    );
  }
}

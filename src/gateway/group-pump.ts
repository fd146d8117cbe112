import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { GroupId } from "../store/ids.ts";
import type { TurnEnd } from "../turns/conversation.ts";
import type { GroupQueue, Lane } from "./group-queue.ts";
import { createShutdown } from "./shutdown.ts";

/** Why a turn has no end: a process died over it; or it was ours, whose disk would not take it or who was told to end. */
export type Leftover = "died" | "ours";

export interface GroupPumpOptions {
  readonly queue: GroupQueue;
  readonly lane: Lane;
  readonly clock: Clock;
  readonly log: Log;
  /** One piece of a group's work. True: more may wait. Throws when it has to be tried again later. */
  readonly serve: (group: GroupId, signal: AbortSignal) => Promise<boolean>;
  /** Puts back what a turn without an end had taken: before anything is served there. */
  readonly reclaim: (group: GroupId, left: Leftover, signal: AbortSignal) => Promise<void>;
  /** What the log says then. */
  readonly retryMessage: string;
}

/** Then twice as long each time. */
const firstRetryMs = 5_000;
const longestRetryMs = 5 * 60_000;

/** Serves a group as long as something waits there, in its place of the queue, and again later when that fails. */
export class GroupPump {
  readonly #options: GroupPumpOptions;
  /** Groups in which an end could not be written, or an earlier process left something. */
  readonly #unsettled = new Map<GroupId, Leftover>();
  readonly #queued = new Set<GroupId>();
  readonly #failures = new Map<GroupId, number>();
  readonly #ending = new AbortController();

  constructor(options: GroupPumpOptions) {
    this.#options = options;
  }

  /** An earlier process left something in these groups. Returns what takes it up. */
  recover(groups: readonly GroupId[], left: Leftover): () => void {
    for (const group of groups) this.#unsettled.set(group, left);
    return () => {
      for (const group of groups) this.wake(group);
    };
  }

  /** The end of a turn could not be written. */
  leave(group: GroupId, { error }: TurnEnd): void {
    // A disk that is full has nothing to do with what was asked; anything else may.
    this.#unsettled.set(group, error?.code === "store" ? "ours" : "died");
  }

  /** Nothing is tried again any more. */
  stop(): void {
    this.#ending.abort(createShutdown());
  }

  /** Something waits in the group. */
  wake(group: GroupId): void {
    if (this.#queued.has(group) || this.#ending.signal.aborted) return;
    this.#queued.add(group);
    const { queue, lane } = this.#options;
    void queue.run(group, lane, async (signal) => {
      this.#queued.delete(group);
      try {
        if (await this.#serve(group, signal)) this.wake(group);
        this.#failures.delete(group);
      } catch (error) {
        if (!signal.aborted) this.#tryLater(group, error);
      }
    });
  }

  async #serve(group: GroupId, signal: AbortSignal): Promise<boolean> {
    const { reclaim, serve } = this.#options;
    const left = this.#unsettled.get(group);
    if (left !== undefined) {
      await reclaim(group, left, signal);
      this.#unsettled.delete(group);
    }
    return await serve(group, signal);
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

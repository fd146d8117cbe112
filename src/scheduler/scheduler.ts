import type { Clock } from "../clock.ts";
import { AppError, explain, isCancelled } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Database, Transaction } from "../store/database.ts";
import type { GroupId } from "../store/ids.ts";
import { findNextRetry, listGroupsWithRuns } from "../store/task-runs.ts";
import {
  findNextDue,
  listDueTasks,
  listTasks,
  setNextOccurrence,
  setTaskState,
  type Task,
} from "../store/tasks.ts";
import { claimTask, type Missed } from "./claim.ts";
import { isClockSet, toSchedule } from "./parse-schedule.ts";
import { nextAfter, type Schedule } from "./schedule.ts";
import type { TaskZones } from "./task-zone.ts";

export interface SchedulerOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly zones: TaskZones;
  /** Runs wait in the group. */
  readonly onRuns: (group: GroupId) => void;
  /** Within the claim: people are told what was missed, or why a task cannot go on. */
  readonly onMissed: (tx: Transaction, task: Task, missed: Missed) => Promise<void>;
  readonly onBroken: (tx: Transaction, task: Task, problem: string) => Promise<void>;
  /** After a claim of which people were told. */
  readonly onTold: () => void;
  readonly log: Log;
  /**
   * No timer runs longer: a machine that slept and a clock that was set say nothing, and so late it is noticed. To look at
   * the clock is all that happens then.
   */
  readonly longestSleepMs?: number;
}

/** As many as one transaction claims. */
const batch = 50;
const defaultLongestSleepMs = 20_000;
const afterFailureMs = 5_000;

/** Makes runs of what is due: one timer for the next of all tasks. What runs them is not its business. */
export class Scheduler implements AsyncDisposable {
  readonly #options: SchedulerOptions;
  readonly #stop = new AbortController();
  #wake = new AbortController();
  #over: Promise<void> = Promise.resolve();

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  /** Nothing is claimed before. */
  start(): void {
    this.#over = this.#run();
  }

  /** Tasks have changed. */
  wake(): void {
    this.#wake.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#over;
  }

  async #run(): Promise<void> {
    const { clock, log } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      this.#wake = new AbortController();
      const woken = AbortSignal.any([signal, this.#wake.signal]);
      try {
        await this.#sleepUntil(await this.#claimDue(), woken);
      } catch (error) {
        if (woken.aborted && isAbort(error, woken)) continue;
        log.error("the tasks could not be read or claimed", { error });
        await clock.sleep(afterFailureMs, signal).catch(() => {});
      }
    }
  }

  /** Returns when to come back. Undefined: when woken. */
  async #claimDue(): Promise<number | undefined> {
    const { database, clock, onRuns, onTold } = this.#options;
    // What such a clock says is no time at which anything is due.
    if (!isClockSet(clock.now())) return clock.now() + defaultLongestSleepMs;
    for (;;) {
      const now = clock.now();
      const claimed = await database.transaction(async (tx) => {
        const due = await listDueTasks(tx, now, batch);
        const groups = new Set<GroupId>();
        let isTold = false;
        for (const task of due) {
          const { runs, wasTold } = await this.#claim(tx, task, now);
          if (runs > 0) groups.add(task.group);
          isTold ||= wasTold;
        }
        return { count: due.length, groups, isTold };
      });
      for (const group of claimed.groups) onRuns(group);
      if (claimed.isTold) onTold();
      if (claimed.count < batch) break;
    }
    for (const group of await listGroupsWithRuns(database)) onRuns(group);
    const now = clock.now();
    const times = [await findNextDue(database), await findNextRetry(database, now)];
    const known = times.filter((at) => at !== undefined);
    return known.length === 0 ? undefined : Math.min(...known);
  }

  async #claim(tx: Transaction, task: Task, now: number): Promise<{ runs: number; wasTold: boolean }> {
    const { onMissed, onBroken } = this.#options;
    const schedule = await this.#toSchedule(task, tx);
    if (typeof schedule === "string") {
      await setTaskState(tx, task.id, { state: "paused", reason: schedule, nextAt: undefined, now });
      await onBroken(tx, task, schedule);
      return { runs: 0, wasTold: true };
    }
    const { runs, missed } = await claimTask(tx, task, { schedule, now });
    if (missed !== undefined) await onMissed(tx, task, missed);
    return { runs, wasTold: missed !== undefined };
  }

  /** Or why there is none: a zone that this machine has forgotten, for one. */
  async #toSchedule(task: Task, tx: Transaction): Promise<Schedule | string> {
    try {
      return toSchedule(task, await this.#options.zones.of(task, tx));
    } catch (error) {
      if (error instanceof AppError) return explain(error).message;
      throw error;
    }
  }

  async #sleepUntil(at: number | undefined, signal: AbortSignal): Promise<void> {
    const { clock, longestSleepMs = defaultLongestSleepMs } = this.#options;
    if (at === undefined) {
      await new Promise<void>((_, reject) => {
        if (signal.aborted) return reject(signal.reason);
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
      return;
    }
    for (let leftMs = at - clock.now(); leftMs > 0; leftMs = at - clock.now()) {
      await clock.sleep(Math.min(leftMs, longestSleepMs), signal);
    }
  }

  /** The machine's zone, or what is known of a zone, may be another than when the next time was written down. */
  async prepare(): Promise<void> {
    const { database, clock } = this.#options;
    const now = clock.now();
    if (!isClockSet(now)) return;
    await database.transaction(async (tx) => {
      for (const task of await listTasks(tx, {})) {
        const isAhead = task.state === "active" && task.kind === "cron" && (task.nextAt ?? 0) > now;
        if (!isAhead || task.failures > 0) continue;
        const schedule = await this.#toSchedule(task, tx);
        if (typeof schedule === "string") continue;
        const nextAt = nextAfter(schedule, Math.max(now, task.lastDueAt ?? 0));
        if (nextAt !== task.nextAt) await setNextOccurrence(tx, task.id, nextAt);
      }
    });
  }
}

function isAbort(error: unknown, signal: AbortSignal): boolean {
  return error === signal.reason || isCancelled(error);
}

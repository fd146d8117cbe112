import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "../../src/log.ts";
import { Scheduler } from "../../src/scheduler/scheduler.ts";
import { makeTask, type TaskDraft } from "../../src/scheduler/task-desk.ts";
import { TaskZones } from "../../src/scheduler/task-zone.ts";
import type { Database, Transaction } from "../../src/store/database.ts";
import { getGroup, type Group } from "../../src/store/groups.ts";
import type { Store } from "../../src/store/store.ts";
import { openReadyStore } from "./ready-database.ts";
import { createRandom } from "./random.ts";
import { createRules, listOccurrences, WallTable, type OracleRule } from "./schedule-oracle.ts";
import { VirtualClock } from "./virtual-clock.ts";

export const worldZones = [
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "UTC",
] as const;

/** Mistakes of a scheduler that the world must find. */
export const schedulerBugs = [
  "moves on after the run",
  "forgets an occurrence",
  "does not know the zone",
] as const;

export interface WorldOptions {
  readonly seed: number;
  readonly zone: string;
  readonly from: number;
  readonly days: number;
  readonly bug?: (typeof schedulerBugs)[number];
}

export interface WorldResult {
  /** By the oracle, in the time that the wall clock has shown. */
  readonly occurrences: number;
  readonly ran: number;
  /** Not run, and on record with their number. */
  readonly missed: number;
  readonly restarts: number;
  readonly kills: number;
  readonly jumps: number;
  readonly problems: readonly string[];
}

const hour = 3_600_000;
const day = 24 * hour;
/** Before the time of the test, so that a clock that is put back stands somewhere. */
const marginMs = 3 * day;

/**
 * Years of one scheduler over a real store, with a machine that is switched off, dies in the middle of a transaction, and
 * whose clock is put forward and back. At the end each occurrence that an oracle knows has run once, or is counted as missed.
 */
export async function runSchedulerWorld(options: WorldOptions): Promise<WorldResult> {
  await using world = await SchedulerWorld.open(options);
  return await world.run();
}

interface Watched {
  readonly id: number;
  readonly rule: OracleRule;
  readonly text: string;
  readonly covered: Map<number, number>;
  missed: number;
}

class SchedulerWorld implements AsyncDisposable {
  readonly #options: WorldOptions;
  readonly #folder: string;
  readonly #clock: VirtualClock;
  readonly #random: () => number;
  readonly #watched: Watched[] = [];
  #store: Store;
  #group: Group;
  #scheduler: Scheduler | undefined;
  #pending = 0;
  #mayDie = false;
  #isDead = false;
  #lastRow = 0;
  #latest: number;
  #counts = { restarts: 0, kills: 0, jumps: 0 };

  static async open(options: WorldOptions): Promise<SchedulerWorld> {
    const folder = await mkdtemp(join(tmpdir(), "nanoclaw-scheduler-"));
    const clock = new VirtualClock(options.from);
    const store = await openReadyStore({ folder, clock }, new AbortController().signal);
    const world = new SchedulerWorld(options, {
      folder,
      clock,
      store,
      group: await getGroup(store.database, "main"),
    });
    await world.#addTasks();
    return world;
  }

  constructor(
    options: WorldOptions,
    made: { folder: string; clock: VirtualClock; store: Store; group: Group },
  ) {
    this.#options = options;
    this.#folder = made.folder;
    this.#clock = made.clock;
    this.#store = made.store;
    this.#group = made.group;
    this.#random = createRandom(options.seed);
    this.#latest = options.from;
  }

  async run(): Promise<WorldResult> {
    const { from, days, zone } = this.#options;
    await this.#boot();
    for (let left = days * day; left > 0;) {
      const step = Math.min(left, (0.2 + this.#random() * 12) * day);
      left -= step;
      await this.#advance(step);
      await this.#trouble();
    }
    this.#mayDie = false;
    if (this.#isDead) await this.#reboot();
    await this.#advance(hour);
    await this.#read();
    const table = new WallTable(zone, from - marginMs, this.#latest);
    const problems: string[] = [];
    const sums = { occurrences: 0, ran: 0, missed: 0 };
    for (const each of this.#watched) {
      const wanted = listOccurrences(each.rule, table).filter((at) => at > from && at <= this.#latest);
      const known = new Set(wanted);
      const ran = [...each.covered.values()].reduce((sum, count) => sum + count, 0);
      sums.occurrences += wanted.length;
      sums.ran += ran;
      sums.missed += each.missed;
      for (const [at, count] of each.covered) {
        const when = new Date(at).toISOString();
        if (!known.has(at)) problems.push(`"${each.text}" ran at ${when}, which no clock means`);
        if (count > 1) problems.push(`"${each.text}" of ${when} ran ${count} times`);
      }
      const silent = wanted.length - ran - each.missed;
      if (silent !== 0) problems.push(`"${each.text}": ${silent} of ${wanted.length} are nowhere on record`);
    }
    return { ...sums, ...this.#counts, problems };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isDead) await this.#scheduler?.[Symbol.asyncDispose]();
    await this.#store[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #addTasks(): Promise<void> {
    const { zone, from } = this.#options;
    const all = (most: number, least = 0): ReadonlySet<number> =>
      new Set(Array.from({ length: most - least + 1 }, (_, index) => least + index));
    const every = { days: all(31, 1), months: all(12, 1), weekdays: all(6) };
    const next = createRules(this.#options.seed);
    const picked = [next(), next(), next()].filter(({ rule }) => rule.hours.size * rule.minutes.size <= 24);
    const rules = [
      { text: "30 2 * * *", rule: { ...every, minutes: new Set([30]), hours: new Set([2]) } },
      { text: "15 */6 * * *", rule: { ...every, minutes: new Set([15]), hours: new Set([0, 6, 12, 18]) } },
      {
        text: "45 1 * * 0",
        rule: { ...every, minutes: new Set([45]), hours: new Set([1]), weekdays: new Set([0]) },
      },
      ...picked,
    ];
    const missed = ["once", "skip", "all"] as const;
    const creator = { kind: "owner", person: undefined, isAgent: false } as const;
    const clerk = { group: this.#group, creator, taint: 0, chat: undefined, leastMs: 1000 };
    for (const [index, { text, rule }] of rules.entries()) {
      const draft: TaskDraft = {
        cron: text,
        prompt: text,
        zone,
        missed: missed[index % 3],
        overlap: "allow",
      };
      try {
        const { id } = await this.#store.database.transaction((tx) =>
          makeTask(tx, draft, clerk, { zones: new TaskZones("UTC"), now: from }),
        );
        this.#watched.push({ id, rule, text, covered: new Map(), missed: 0 });
      } catch {
        // A day that no month has.
      }
    }
  }

  async #boot(): Promise<void> {
    this.#isDead = false;
    const { bug } = this.#options;
    if (bug === "moves on after the run") await this.#repeatLast();
    if (bug === "forgets an occurrence") {
      await this.#store.database.transaction((tx) =>
        tx.run("UPDATE tasks SET next_at = next_at + 86400000 WHERE kind = 'cron'"),
      );
    }
    this.#scheduler = new Scheduler({
      database: this.#watch(this.#store.database),
      clock: this.#clock,
      zones: new TaskZones("UTC"),
      onRuns: () => {},
      onMissed: async () => {},
      onBroken: async (_tx, task, problem) => {
        throw new Error(`${task.rule}: ${problem}`);
      },
      onTold: () => {},
      log: silentLog,
      longestSleepMs: 400 * day,
    });
    if (bug === "does not know the zone") {
      await this.#store.database.transaction((tx) => tx.run("UPDATE tasks SET zone = 'UTC'"));
    }
    await this.#scheduler.prepare();
    this.#scheduler.start();
  }

  /** As a scheduler would come back that writes what it claimed only when it has run. */
  async #repeatLast(): Promise<void> {
    await this.#store.database.transaction((tx) =>
      tx.run("UPDATE tasks SET next_at = last_due_at, last_due_at = NULL WHERE last_due_at IS NOT NULL"),
    );
    await this.#store.database.transaction((tx) => tx.run("DELETE FROM task_runs"));
  }

  async #reboot(): Promise<void> {
    // One that died ends no more than it began.
    if (!this.#isDead) await this.#scheduler?.[Symbol.asyncDispose]();
    this.#scheduler = undefined;
    this.#counts.restarts++;
    await this.#boot();
  }

  async #trouble(): Promise<void> {
    const kind = this.#random();
    if (this.#isDead) {
      this.#mayDie = false;
      // Off for a while, in which the clock goes on.
      await this.#advance(this.#random() * 2 * day);
      await this.#reboot();
    } else if (kind < 0.3) {
      await this.#scheduler?.[Symbol.asyncDispose]();
      await this.#advance(this.#random() * 3 * day);
      await this.#reboot();
    } else if (kind < 0.5) {
      this.#counts.jumps++;
      this.#clock.jump(
        ([2 * hour, -2 * hour, day, -day][Math.floor(this.#random() * 4)] ?? 0) + this.#random() * 1000,
      );
      this.#scheduler?.wake();
    } else this.#mayDie = kind < 0.8;
  }

  async #advance(ms: number): Promise<void> {
    await this.#clock.advance(ms, () => this.#settle());
    await this.#read();
  }

  async #settle(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#pending > 0) quiet = -1;
    }
    // More rows than a task keeps must not pass unread.
    await this.#read();
  }

  /** Takes note of each run once. */
  async #read(): Promise<void> {
    if (!this.#isDead && this.#scheduler !== undefined)
      this.#latest = Math.max(this.#latest, this.#clock.now());
    const rows = await this.#store.database.all(
      "SELECT * FROM task_runs WHERE id > ? ORDER BY id",
      this.#lastRow,
    );
    if (rows.length === 0) return;
    for (const row of rows) {
      this.#lastRow = Number(row["id"]);
      const watched = this.#watched.find(({ id }) => id === row["task_id"]);
      if (watched === undefined) continue;
      watched.missed += Number(row["missed"]);
      const due = Number(row["due_at"]);
      if (row["state"] === "skipped") watched.missed++;
      else watched.covered.set(due, (watched.covered.get(due) ?? 0) + 1);
    }
  }

  /** The database of a process that may die before, in and after any transaction. */
  #watch(database: Database): Database {
    const count = async <T>(work: () => Promise<T>): Promise<T> => {
      if (this.#isDead) return await forever();
      this.#pending++;
      const done = await work().then(
        (value) => ({ isDone: true, value }) as const,
        (error: unknown) => ({ isDone: false, error }) as const,
      );
      this.#pending--;
      if (this.#isDead) return await forever();
      if (!done.isDone) throw done.error;
      return done.value;
    };
    const dies = (): boolean => {
      if (this.#isDead || !this.#mayDie || this.#random() >= 0.2) return this.#isDead;
      this.#isDead = true;
      this.#counts.kills++;
      return true;
    };
    return {
      all: (sql, ...values) => count(() => database.all(sql, ...values)),
      get: (sql, ...values) => count(() => database.get(sql, ...values)),
      transaction: async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
        await count(async () => {
          if (dies()) throw new Error("dead");
          const value = await database.transaction(async (tx) => {
            const done = await work(tx);
            if (dies()) throw new Error("dead");
            return done;
          });
          dies();
          return value;
        }),
      [Symbol.asyncDispose]: async () => {},
    };
  }
}

/** What a process that has died waits for. */
function forever<T>(): Promise<T> {
  return new Promise<T>(() => {});
}

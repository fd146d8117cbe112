import type { Config } from "../config.ts";
import { formatInstant } from "../scheduler/format-instant.ts";
import { ensureHeartbeats } from "../scheduler/heartbeats.ts";
import { Scheduler } from "../scheduler/scheduler.ts";
import { TaskZones } from "../scheduler/task-zone.ts";
import type { Missed } from "../scheduler/claim.ts";
import type { Transaction } from "../store/database.ts";
import { getGroupById, type Group } from "../store/groups.ts";
import type { ChatId, GroupId } from "../store/ids.ts";
import { addReply } from "../store/replies.ts";
import type { Task } from "../store/tasks.ts";
import type { Leftover } from "./group-pump.ts";
import { findTaskChat } from "./task-record.ts";
import { TaskTurns, type TaskTurnsOptions } from "./task-turns.ts";

export interface GatewayTasksOptions extends Omit<
  TaskTurnsOptions,
  "zones" | "heartbeat" | "onEnded" | "config"
> {
  /** This machine's, where it is known. */
  readonly zone: string | undefined;
  /** The owner's file of a group. */
  readonly readHeartbeat: (group: Group) => Promise<string>;
  readonly longestSleepMs?: number;
}

/** What of it whoever composes a gateway brings along. */
export type TaskServing = Pick<GatewayTasksOptions, "zone" | "openTask" | "readHeartbeat" | "longestSleepMs">;

/** Time, for a gateway: what is due becomes runs, runs become turns, and people are told what did not run. */
export class GatewayTasks implements AsyncDisposable {
  readonly #options: GatewayTasksOptions;
  readonly #zones: TaskZones;
  readonly #turns: TaskTurns;
  readonly #scheduler: Scheduler;
  readonly #told = new Set<ChatId>();
  readonly #met = new Set<GroupId>();
  #config: Config;

  constructor(options: GatewayTasksOptions, config: Config) {
    this.#options = options;
    this.#config = config;
    const { store, readHeartbeat } = options;
    this.#zones = new TaskZones(options.zone);
    this.#turns = new TaskTurns({
      ...options,
      zones: this.#zones,
      heartbeat: { read: readHeartbeat, quietHours: () => this.#config.heartbeat.quietHours },
      config: () => this.#config,
      onEnded: () => this.#scheduler.wake(),
    });
    this.#scheduler = new Scheduler({
      ...options,
      database: store.database,
      zones: this.#zones,
      onRuns: (group) => this.#turns.wake(group),
      onMissed: (tx, task, missed) => this.#tellMissed(tx, task, missed),
      onBroken: (tx, task, problem) => this.#tellBroken(tx, task, problem),
      onTold: () => this.#wakeTold(),
    });
  }

  /** Finds what an earlier process left. Returns what takes it up, and begins with what is due. */
  async recover(left: Leftover): Promise<() => void> {
    const takeUp = await this.#turns.recover(left);
    await this.configure(this.#config);
    await this.#scheduler.prepare();
    return () => {
      takeUp();
      this.#scheduler.start();
    };
  }

  /** Tasks have changed, or a group is new. */
  wake(): void {
    this.#scheduler.wake();
  }

  /** A group that was never heard of gets its heartbeat. Never rejects: the next message tries again. */
  async meet(group: GroupId): Promise<void> {
    if (this.#met.has(group)) return;
    try {
      await this.configure(this.#config);
      this.#met.add(group);
    } catch (error) {
      this.#options.log.warn("a group has no heartbeat yet", { group, error });
    }
  }

  async configure(config: Config): Promise<void> {
    this.#config = config;
    const { store, clock } = this.#options;
    await store.database.transaction((tx) => ensureHeartbeats(tx, config.heartbeat, clock.now()));
    this.#scheduler.wake();
  }

  /** Nothing is due any more; what runs may end. */
  async stop(): Promise<void> {
    this.#turns.stop();
    await this.#scheduler[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #tellMissed(tx: Transaction, task: Task, { count, hasMore, lastAt, runsNow }: Missed): Promise<void> {
    // What looks every half an hour has missed nothing by looking later.
    if (task.purpose === "heartbeat") return;
    const zone = await this.#zones.of(task, tx);
    const due = formatInstant(lastAt, zone);
    const facts = { name: task.name, due, count: `${hasMore ? ">" : ""}${count}×`, runsNow };
    await this.#tell(tx, task, `k${task.id}o${lastAt}`, this.#options.speech.phrases.taskMissed(facts));
  }

  async #tellBroken(tx: Transaction, task: Task, problem: string): Promise<void> {
    const { id, name } = task;
    const group = (await getGroupById(tx, task.group)).name;
    const text = this.#options.speech.phrases.taskPaused({ id, name, group, problem });
    await this.#tell(tx, task, `k${id}b${this.#options.clock.now()}`, text);
  }

  async #tell(tx: Transaction, task: Task, key: string, text: string): Promise<void> {
    const chat = await findTaskChat(tx, task);
    if (chat === undefined) return;
    const now = this.#options.clock.now();
    await addReply(tx, { key, chat, group: task.group, kind: "notice", text, now });
    this.#told.add(chat);
  }

  #wakeTold(): void {
    for (const chat of this.#told) this.#options.outbox.wake(chat);
    this.#told.clear();
  }
}

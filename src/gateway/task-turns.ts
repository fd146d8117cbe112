import { clean, joinTaint } from "../authority/taint.ts";
import type { Channel } from "../channels/channel.ts";
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import { AppError, explain } from "../errors.ts";
import type { Log } from "../log.ts";
import { noUsage } from "../providers/provider.ts";
import type { TaskZones } from "../scheduler/task-zone.ts";
import type { ChatAddress } from "../store/chats.ts";
import { getGroupById, type Group } from "../store/groups.ts";
import type { GroupId } from "../store/ids.ts";
import { renewTaskSession, toTaskSessionName } from "../store/sessions.ts";
import type { Store } from "../store/store.ts";
import { findWaitingRun, listGroupsWithRuns, reclaimRuns, type Run } from "../store/task-runs.ts";
import { findTask, type Task } from "../store/tasks.ts";
import type { Answering } from "./chat-turns.ts";
import type { ChatSpeech } from "../outgoing/chat-speech.ts";
import type { PersonMessage, TurnEnd } from "../turns/conversation.ts";
import { GroupPump, type Leftover } from "./group-pump.ts";
import type { GroupQueue } from "./group-queue.ts";
import type { OutgoingFilter } from "../outgoing/outgoing-filter.ts";
import type { Outbox } from "./outbox.ts";
import type { Glimpse, GlimpseRequest } from "../turns/glimpse.ts";
import { findTaskActor } from "./task-actor.ts";
import { findTaskChat, TaskRecord, toTaskWords } from "./task-record.ts";
import { findWork, type HeartbeatFacts } from "./task-check.ts";

/** The part of a conversation that runs tasks. */
export interface TaskConversation extends Answering, AsyncDisposable {
  /** Before a turn, and perhaps instead of one. Whoever asks sees to it that none of the group runs. */
  glimpse(request: GlimpseRequest, signal: AbortSignal): Promise<Glimpse>;
}

export interface TaskTurnsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly queue: GroupQueue;
  readonly outbox: Outbox;
  readonly zones: TaskZones;
  readonly findChannel: (address: ChatAddress) => Channel | undefined;
  /** Whether what is written for a chat reaches a person now. */
  readonly canReach: (address: ChatAddress) => boolean;
  readonly filter: OutgoingFilter;
  /** In the session of that name, beside the group's current one; without a name, in that. */
  readonly openTask: (group: Group, session: string | undefined) => Promise<TaskConversation>;
  readonly heartbeat: HeartbeatFacts;
  /** As it is now: it says who is let in. */
  readonly config: () => Config;
  /** A run has ended: its task may be due at another time now. */
  readonly onEnded: () => void;
  readonly speech: ChatSpeech;
  readonly log: Log;
}

/** A run over which the process ended so often is not tried again. */
const mostAttempts = 3;

/** From runs that wait to their results on disk: one at a time in a group, behind its people. */
export class TaskTurns {
  readonly #options: TaskTurnsOptions;
  readonly #pump: GroupPump;

  constructor(options: TaskTurnsOptions) {
    this.#options = options;
    this.#pump = new GroupPump({
      ...options,
      lane: "tasks",
      serve: (group, signal) => this.#serve(group, signal),
      reclaim: (group, left, signal) => this.#reclaim(group, left, signal),
      retryMessage: "a run of a task is tried again later",
    });
  }

  /** Finds what an earlier process left: to be asked before anything is claimed. Returns what takes it up. */
  async recover(left: Leftover): Promise<() => void> {
    return this.#pump.recover(await listGroupsWithRuns(this.#options.store.database), left);
  }

  /** Nothing is tried again any more. */
  stop(): void {
    this.#pump.stop();
  }

  /** A run waits in the group. */
  wake(group: GroupId): void {
    this.#pump.wake(group);
  }

  /** One run. True: more may wait. Throws when it has to be tried again later. */
  async #serve(groupId: GroupId, signal: AbortSignal): Promise<boolean> {
    const { store, clock, zones, outbox } = this.#options;
    const { database } = store;
    const group = await getGroupById(database, groupId);
    const run = await findWaitingRun(database, groupId, clock.now());
    const task = run === undefined ? undefined : await findTask(database, run.task);
    if (run === undefined || task === undefined) return false;
    const facts = { task, run, group, zone: await zones.of(task, database) };
    const { record, end } = await this.#run(facts, signal);
    const isSettled = end === undefined || (await record.settle(end));
    for (const chat of record.told) outbox.wake(chat);
    this.#options.onEnded();
    if (isSettled) return true;
    this.#pump.leave(groupId, end);
    throw new AppError("network", end.error?.message ?? "The run did not end.");
  }

  async #run(
    facts: RunFacts,
    signal: AbortSignal,
  ): Promise<{ record: TaskRecord; end: TurnEnd | undefined }> {
    const { task, run, group, zone } = facts;
    const { store, clock, openTask, config, log } = this.#options;
    const session = task.context === "isolated" ? toTaskSessionName(task.id) : undefined;
    let asked = toTaskWords(task, run, { zone, found: undefined, clock });
    const toRecord = (words: PersonMessage): Promise<TaskRecord> => this.#toRecord(facts, words, signal);
    try {
      const isFresh = run.turn === undefined;
      if (session !== undefined && isFresh) {
        const renewed = { group: group.id, task: task.id, now: clock.now() };
        await store.database.transaction((tx) => renewTaskSession(tx, renewed));
      }
      const now = { config: config(), now: clock.now() };
      const actor = await store.database.transaction((tx) => findTaskActor(tx, task, group, now));
      await using conversation = await openTask(group, session);
      const work = isFresh
        ? await findWork({ ...facts, actor, conversation, heartbeat: this.#options.heartbeat, clock }, signal)
        : { found: undefined, taint: clean };
      if (typeof work === "string") {
        const record = await toRecord(asked);
        await record.endQuietly(work);
        return { record, end: undefined };
      }
      asked = toTaskWords(task, run, { zone, found: work.found, clock });
      const taint = joinTaint(asked.taint ?? clean, work.taint);
      const record = await toRecord({ ...asked, taint });
      const request = { actor, taint, record, takeJoining: async () => [] };
      return { record, end: await conversation.answer(request, () => {}, signal) };
    } catch (error) {
      const code = signal.aborted ? "cancelled" : error instanceof AppError ? error.code : "bug";
      if (code === "bug") log.error("a task could not be run", { task: task.id, error });
      const reason = code === "cancelled" ? "aborted" : "error";
      const end = {
        type: "turn-end",
        reason,
        text: "",
        usage: noUsage,
        error: { code, ...explain(error) },
      } as const;
      return { record: await toRecord(asked), end };
    }
  }

  async #toRecord(
    { task, run, group, zone }: RunFacts,
    asked: PersonMessage,
    signal: AbortSignal,
  ): Promise<TaskRecord> {
    const { store } = this.#options;
    const chat = await findTaskChat(store.database, task);
    return new TaskRecord(run, task, { ...this.#options, group, zone, chat, asked, signal });
  }

  /** What was begun in the group and not ended waits again; what ended the process too often is given up. */
  async #reclaim(groupId: GroupId, left: Leftover, signal: AbortSignal): Promise<void> {
    const { store, zones, outbox } = this.#options;
    const { database } = store;
    const group = await getGroupById(database, groupId);
    const isForgiven = left === "ours";
    const dead = await database.transaction((tx) =>
      reclaimRuns(tx, group.id, { most: mostAttempts, isForgiven }),
    );
    for (const run of dead) {
      const task = await findTask(database, run.task);
      if (task === undefined) continue;
      const zone = await zones.of(task, database);
      const record = await this.#toRecord({ task, run, group, zone }, { text: "" }, signal);
      const message = `the program ended ${mostAttempts} times while it was at work on it`;
      const error = { code: "denied", message } as const;
      await record.settle({ type: "turn-end", reason: "error", text: "", usage: noUsage, error });
      for (const chat of record.told) outbox.wake(chat);
    }
  }
}

interface RunFacts {
  readonly task: Task;
  readonly run: Run;
  readonly group: Group;
  readonly zone: Awaited<ReturnType<TaskZones["of"]>>;
}

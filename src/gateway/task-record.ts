import { parseTaintBits } from "../authority/taint.ts";
import type { Clock } from "../clock.ts";
import { formatInstant } from "../scheduler/format-instant.ts";
import { toSchedule } from "../scheduler/parse-schedule.ts";
import { nextAfter } from "../scheduler/schedule.ts";
import type { Zone } from "../scheduler/zone.ts";
import type { Channel } from "../channels/channel.ts";
import { findChatById, findLastActiveChat, type ChatAddress } from "../store/chats.ts";
import type { Reader, Transaction } from "../store/database.ts";
import { mainGroup, type Group } from "../store/groups.ts";
import type { ChatId, TurnId } from "../store/ids.ts";
import { addReply } from "../store/replies.ts";
import type { Session } from "../store/sessions.ts";
import type { Store } from "../store/store.ts";
import { beginRun, endRun, releaseRun, skipWaitingRuns, type Run } from "../store/task-runs.ts";
import { findTask, setFailures, setNextOccurrence, setTaskState, type Task } from "../store/tasks.ts";
import { findTurn } from "../store/turns.ts";
import { AppError } from "../errors.ts";
import type { Asked, RunningTask, TurnRecord } from "../turns/begin-turn.ts";
import type { ChatSpeech } from "../outgoing/chat-speech.ts";
import type { PersonMessage, TurnEnd } from "../turns/conversation.ts";
import { isShutdown } from "./shutdown.ts";
import type { OutgoingFilter } from "../outgoing/outgoing-filter.ts";
import { defaultMostCharacters, splitText } from "./split-text.ts";
import { tellMain } from "../outgoing/tell-main.ts";

export interface TaskRecordOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly group: Group;
  readonly zone: Zone;
  /** Where the result goes now. */
  readonly chat: ChatId | undefined;
  /** What the model is asked. */
  readonly asked: PersonMessage;
  readonly findChannel: (address: ChatAddress) => Channel | undefined;
  readonly canReach: (address: ChatAddress) => boolean;
  readonly filter: OutgoingFilter;
  readonly speech: ChatSpeech;
  /** Of the turn: its reason tells a stop from the end of the gateway. */
  readonly signal: AbortSignal;
}

/** What the model answers when there is nothing to say; nobody is sent it. */
export const nothingToReport = "NOTHING_TO_REPORT";
const heartbeatIsFine = /HEARTBEAT_?OK/i;

/** Then twice as long each time. */
const firstBackoffMs = 30_000;
const longestBackoffMs = 60 * 60_000;
const mostFailures = 8;
const longestResult = 2_000;

/** What is written with the turn of a task's run: with its end, in one transaction, what became of it and what its chat is sent. */
export class TaskRecord implements TurnRecord {
  readonly task: RunningTask;
  /** Chats that have something to be sent. */
  readonly told: Set<ChatId> = new Set();
  readonly #run: Run;
  readonly #of: Task;
  readonly #options: TaskRecordOptions;
  #hasBegun = false;
  #written: TurnEnd | undefined;

  constructor(run: Run, task: Task, options: TaskRecordOptions) {
    this.#run = run;
    this.#of = task;
    this.#options = options;
    this.task = { id: task.id, mayMakeTasks: task.mayMakeTasks, creator: task.creator, chat: options.chat };
  }

  async begin(tx: Transaction, turn: TurnId, session: Session): Promise<Asked> {
    const earlier = this.#run.turn === undefined ? undefined : await findTurn(tx, this.#run.turn);
    if (!(await beginRun(tx, this.#run.id, turn, this.#options.clock.now()))) {
      throw new AppError("cancelled", "The task was paused or cancelled before it began.");
    }
    this.#hasBegun = true;
    const isResumed = earlier?.session === session.id;
    return { fresh: isResumed ? undefined : this.#options.asked, isResumed };
  }

  /** Nobody's words join a run. */
  async join(): Promise<void> {
    throw new Error("A message joined the run of a task.");
  }

  async end(tx: Transaction, turn: TurnId, end: TurnEnd): Promise<void> {
    await this.#judge(tx, end, turn);
    this.#written = end;
  }

  /** After the turn. False: nobody knows what was written. */
  async settle(end: TurnEnd): Promise<boolean> {
    if (this.#written === end) return true;
    if (this.#hasBegun || end.error?.code === "store") return false;
    await this.#options.store.database.transaction((tx) => this.#judge(tx, end, undefined));
    return true;
  }

  /** It ended before there was a turn: the model need not be asked. */
  async endQuietly(reason: string): Promise<void> {
    const { store, clock } = this.#options;
    await store.database.transaction(async (tx) => {
      await endRun(tx, this.#run.id, { state: "quiet", reason, now: clock.now() });
      await this.#succeed(tx);
    });
  }

  async #judge(tx: Transaction, end: TurnEnd, turn: TurnId | undefined): Promise<void> {
    const now = this.#options.clock.now();
    const result = end.text.slice(0, longestResult);
    switch (end.reason) {
      case "done":
      case "limit": {
        const isQuiet = isNothing(end.text, this.#of);
        await endRun(tx, this.#run.id, { state: isQuiet ? "quiet" : "done", result, now });
        if (!isQuiet) await this.#send(tx, end.text, turn);
        return await this.#succeed(tx);
      }
      case "aborted": {
        if (isShutdown(this.#options.signal.reason)) return await releaseRun(tx, this.#run.id);
        await endRun(tx, this.#run.id, { state: "stopped", result, reason: "stopped by a person", now });
        return await this.#finishOnce(tx, "stopped");
      }
      case "error":
        return await this.#fail(tx, end.error ?? { code: "bug", message: "It failed." }, now);
      default:
        return end.reason satisfies never;
    }
  }

  async #succeed(tx: Transaction): Promise<void> {
    if (this.#run.isManual) return;
    await setFailures(tx, this.#of.id, 0);
    await this.#finishOnce(tx);
  }

  async #finishOnce(tx: Transaction, reason?: string): Promise<void> {
    const task = await findTask(tx, this.#of.id);
    const isOver = task?.state === "active" && task.nextAt === undefined;
    if (!isOver || this.#run.isManual) return;
    const now = this.#options.clock.now();
    await setTaskState(tx, task.id, { state: "done", reason, nextAt: undefined, now });
  }

  /** It is said once, tried again less and less often, and given up after eight in a row. */
  async #fail(tx: Transaction, problem: NonNullable<TurnEnd["error"]>, now: number): Promise<void> {
    const { speech, zone } = this.#options;
    const task = (await findTask(tx, this.#of.id)) ?? this.#of;
    const { id, name } = task;
    const said = speech.say(problem);
    const failed = { state: "failed", reason: problem.message, now } as const;
    if (this.#run.isManual || task.state !== "active") {
      await endRun(tx, this.#run.id, failed);
      return await this.#notify(tx, speech.phrases.taskFailed({ name, problem: said, next: undefined }));
    }
    const failures = task.failures + 1;
    await setFailures(tx, id, failures);
    // Whoever has lost the right to it does not get it back by waiting.
    if (failures >= mostFailures || problem.code === "denied") {
      await endRun(tx, this.#run.id, failed);
      await setTaskState(tx, id, { state: "paused", reason: problem.message, nextAt: undefined, now });
      await skipWaitingRuns(tx, id, { reason: "the task is paused", now });
      return await this.tellPaused(tx, said);
    }
    const notBefore = now + Math.min(firstBackoffMs * 2 ** (failures - 1), longestBackoffMs);
    let next: number | undefined = notBefore;
    if (task.nextAt === undefined) {
      // There is no other time: it is this one that is tried again.
      await releaseRun(tx, this.#run.id, { retryAt: notBefore, reason: problem.message });
    } else {
      await endRun(tx, this.#run.id, failed);
      next = nextAfter(toSchedule(task, zone), Math.max(notBefore - 1, task.nextAt - 1));
      await setNextOccurrence(tx, id, next);
    }
    if (failures > 1) return;
    const at = next === undefined ? undefined : formatInstant(next, zone);
    await this.#notify(tx, speech.phrases.taskFailed({ name, problem: said, next: at }));
  }

  /** Its chat learns it, and so does main. */
  async tellPaused(tx: Transaction, problem: string): Promise<void> {
    const { group, speech, clock, canReach } = this.#options;
    const { id, name } = this.#of;
    const text = speech.phrases.taskPaused({ id, name, group: group.name, problem });
    await this.#notify(tx, text);
    if (group.name === mainGroup) return;
    const now = clock.now();
    const main = await tellMain(tx, { key: `k${this.#run.id}m${now}`, text, now, canReach });
    if (main !== undefined) this.told.add(main.id);
  }

  async #notify(tx: Transaction, text: string): Promise<void> {
    const { chat, group, clock } = this.#options;
    if (chat === undefined) return;
    const now = clock.now();
    const key = `k${this.#run.id}n${now}`;
    await addReply(tx, { key, chat, group: group.id, kind: "notice", text, now });
    this.told.add(chat);
  }

  /** Filtered whole: in one of its pieces nobody would know half of a secret again. */
  async #send(tx: Transaction, text: string, turn: TurnId | undefined): Promise<void> {
    const { chat, group, clock, findChannel, filter } = this.#options;
    if (chat === undefined) return;
    const address = await findChatById(tx, chat);
    const channel = address === undefined ? undefined : findChannel(address);
    const key = `k${this.#run.id}`;
    const of = turn === undefined ? {} : { turn };
    const unfiltered = { key, chat, group: group.id, ...of, kind: "answer", text, now: clock.now() } as const;
    const filtered = await filter.filter(tx, unfiltered);
    const pieces = splitText(filtered.text, channel?.traits.maxCharacters ?? defaultMostCharacters);
    for (const [index, piece] of pieces.entries()) {
      await addReply(tx, { ...unfiltered, key: `${key}p${index + 1}`, text: piece });
    }
    this.told.add(chat);
    const owner = await filter.record(tx, unfiltered, filtered);
    if (owner !== undefined) this.told.add(owner);
  }
}

/** Its own chat, as long as that is the group's; else where the group's people were heard last. */
export async function findTaskChat(
  reader: Reader,
  { chat, group, isDelivered }: Pick<Task, "chat" | "group" | "isDelivered">,
): Promise<ChatId | undefined> {
  if (!isDelivered) return undefined;
  const own = chat === undefined ? undefined : await findChatById(reader, chat);
  if (own?.group === group) return own.id;
  return (await findLastActiveChat(reader, group))?.id;
}

function isNothing(text: string, { purpose }: Task): boolean {
  const lines = text.split("\n").map((line) => line.replaceAll(/[^A-Z_]/gi, ""));
  if (text.trim() === "" || lines.includes(nothingToReport)) return true;
  return purpose === "heartbeat" && heartbeatIsFine.test(text);
}

/** What a task is asked, with what was seen while it was made. */
export function toTaskWords(
  task: Task,
  run: Run,
  facts: { readonly zone: Zone; readonly found: string | undefined; readonly clock: Clock },
): PersonMessage {
  const { zone, found, clock } = facts;
  const lateMs = clock.now() - run.dueAt.getTime();
  const late = lateMs > 60_000 ? `, late: it is ${formatInstant(clock.now(), zone)} now` : "";
  const missed = run.missed === 0 ? "" : `, ${run.missed} earlier times were missed`;
  const head = `Your scheduled task ${task.id} "${task.name}" is due (${formatInstant(run.dueAt.getTime(), zone)} ${zone.name}${late}${missed}). Nobody waits at the other end; do it now, do not schedule it again. What you answer is sent as it is; if there is nothing worth saying, answer ${nothingToReport} alone.`;
  const text = [head, task.prompt, ...(found === undefined ? [] : [found])].join("\n\n");
  return { text, taint: parseTaintBits(task.taint) };
}

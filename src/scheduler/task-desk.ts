import { AppError } from "../errors.ts";
import type { Reader, Transaction } from "../store/database.ts";
import type { Group } from "../store/groups.ts";
import { toTaskId, type ChatId, type RunId, type TaskId } from "../store/ids.ts";
import { addRun, skipWaitingRuns } from "../store/task-runs.ts";
import {
  addTask,
  changeTask,
  countTasks,
  findTask,
  setTaskState,
  type Task,
  type TaskCreator,
  type TaskPlan,
} from "../store/tasks.ts";
import { toVisibleLine } from "../tools/visible.ts";
import { taskWords } from "../words/english/task.ts";
import { findZone, parseSchedule, toSchedule, type WrittenSchedule } from "./parse-schedule.ts";
import { nextAfter } from "./schedule.ts";
import type { TaskZones } from "./task-zone.ts";
import type { Zone } from "./zone.ts";

/** Who makes or changes tasks of a group. Made by the part that knows the person, never from text. */
export interface TaskClerk {
  readonly group: Group;
  readonly creator: TaskCreator;
  /** What was seen while it is made, as bits: it sticks to the task. */
  readonly taint: number;
  /** Where the result goes, if nothing else is said. */
  readonly chat: ChatId | undefined;
  /** No two occurrences may be closer. */
  readonly leastMs: number;
}

/** What somebody wrote; what is not there stays as it is, or has its default. */
export interface TaskDraft extends WrittenSchedule {
  readonly name?: string | undefined;
  readonly prompt?: string | undefined;
  /** Empty: none any more. */
  readonly script?: string | undefined;
  readonly zone?: string | undefined;
  readonly context?: TaskPlan["context"] | undefined;
  readonly missed?: TaskPlan["missed"] | undefined;
  readonly mostMissed?: number | undefined;
  readonly overlap?: TaskPlan["overlap"] | undefined;
  readonly isDelivered?: boolean | undefined;
  readonly mayMakeTasks?: boolean | undefined;
  readonly chat?: ChatId | undefined;
}

export interface DeskPlace {
  readonly zones: TaskZones;
  readonly now: number;
}

const longest = { name: 80, prompt: 8000, script: 16_000 } as const;
/** What an assistant may have standing in a group, and make within a day: a task that makes tasks must come to an end. */
const mostOpen = 50;
const mostMade = 40;
const dayMs = 24 * 60 * 60_000;
const defaultMostMissed = 5;

/** Throws `AppError("usage")` for what cannot be, and then nothing is stored. */
export async function makeTask(
  tx: Transaction,
  draft: TaskDraft,
  clerk: TaskClerk,
  place: DeskPlace,
): Promise<Task> {
  const { plan, zone } = await planTask(tx, draft, clerk, place);
  const { now } = place;
  const task = await addTask(tx, {
    ...plan,
    group: clerk.group.id,
    purpose: "task",
    nextAt: nextAfter(toSchedule(plan, zone), now),
    creator: clerk.creator,
    taint: clerk.taint,
    now,
  });
  if (task === undefined) throw new Error("A task was not added.");
  return task;
}

/** The task as it would be made now. Throws what would keep it from being made. */
export async function planTask(
  reader: Reader,
  draft: TaskDraft,
  clerk: TaskClerk,
  { zones, now }: DeskPlace,
): Promise<{ readonly plan: TaskPlan; readonly zone: Zone }> {
  await checkNumber(reader, clerk, now);
  const zone = await chooseZone(reader, draft.zone, clerk, zones);
  const stored = parseSchedule(draft, { now, zone, leastMs: clerk.leastMs });
  const prompt = checkText("prompt", draft.prompt?.trim() ?? "");
  if (prompt === "") throw new AppError("usage", taskWords.noPrompt());
  const plan: TaskPlan = {
    ...stored,
    name: toName(draft.name, prompt),
    prompt,
    script: toScript(draft.script),
    zone: draft.zone === undefined ? undefined : zone.name,
    context: draft.context ?? "isolated",
    missed: draft.missed ?? "once",
    mostMissed: draft.mostMissed ?? defaultMostMissed,
    overlap: draft.overlap ?? "forbid",
    isDelivered: draft.isDelivered ?? true,
    mayMakeTasks: draft.mayMakeTasks ?? false,
    chat: draft.chat ?? clerk.chat,
  };
  return { plan, zone };
}

/** A new time also takes up again what was over. */
export async function reviseTask(
  tx: Transaction,
  id: TaskId,
  draft: TaskDraft,
  clerk: TaskClerk,
  { zones, now }: DeskPlace,
): Promise<Task> {
  const task = await takeTask(tx, id, clerk);
  const isNewTime = [draft.cron, draft.every, draft.at, draft.in].some((text) => text !== undefined);
  if (!isNewTime && !isOpen(task))
    throw new AppError("conflict", taskWords.isOver({ id, state: task.state }));
  const zone = await chooseZone(tx, draft.zone ?? task.zone, clerk, zones);
  const facts = { now, zone, leastMs: clerk.leastMs };
  const prompt = draft.prompt === undefined ? task.prompt : checkText("prompt", draft.prompt.trim());
  if (prompt === "") throw new AppError("usage", taskWords.noPrompt());
  const plan: TaskPlan = {
    ...task,
    ...(isNewTime ? parseSchedule(draft, facts) : {}),
    name: draft.name === undefined ? task.name : toName(draft.name, prompt),
    prompt,
    script: draft.script === undefined ? task.script : toScript(draft.script),
    zone: draft.zone === undefined ? task.zone : zone.name,
    context: draft.context ?? task.context,
    missed: draft.missed ?? task.missed,
    mostMissed: draft.mostMissed ?? task.mostMissed,
    overlap: draft.overlap ?? task.overlap,
    isDelivered: draft.isDelivered ?? task.isDelivered,
    mayMakeTasks: draft.mayMakeTasks ?? task.mayMakeTasks,
    chat: draft.chat ?? task.chat,
  };
  const next = nextAfter(toSchedule(plan, zone), Math.max(now, isNewTime ? 0 : (task.lastDueAt ?? 0)));
  const isActive = task.state === "active" || isNewTime;
  await changeTask(tx, id, { plan, nextAt: isActive ? next : undefined, taint: clerk.taint, now });
  if (isActive) await setTaskState(tx, id, { state: "active", nextAt: next, now });
  return await getTask(tx, id, clerk.group);
}

export async function pauseTask(tx: Transaction, id: TaskId, clerk: TaskClerk, now: number): Promise<Task> {
  return await endTask(tx, id, clerk, { state: "paused", reason: `paused by ${toWhom(clerk)}`, now });
}

export async function cancelTask(tx: Transaction, id: TaskId, clerk: TaskClerk, now: number): Promise<Task> {
  return await endTask(tx, id, clerk, { state: "cancelled", reason: `cancelled by ${toWhom(clerk)}`, now });
}

/** Goes on at its next time from now; what would have been due meanwhile was paused, not missed. */
export async function resumeTask(
  tx: Transaction,
  id: TaskId,
  clerk: TaskClerk,
  { zones, now }: DeskPlace,
): Promise<Task> {
  const task = await takeTask(tx, id, clerk);
  if (task.state === "active") return task;
  const zone = await zones.of(task, tx);
  const nextAt = nextAfter(toSchedule(task, zone), Math.max(now, task.lastDueAt ?? 0));
  if (!isOpen(task) || nextAt === undefined) {
    throw new AppError("conflict", taskWords.isOver({ id, state: isOpen(task) ? "over" : task.state }));
  }
  await setTaskState(tx, id, { state: "active", nextAt, now });
  return await getTask(tx, id, clerk.group);
}

/** Once, now, beside its own times. */
export async function runTaskNow(tx: Transaction, id: TaskId, clerk: TaskClerk, now: number): Promise<RunId> {
  const task = await takeTask(tx, id, clerk);
  if (!isOpen(task)) throw new AppError("conflict", taskWords.isOver({ id, state: task.state }));
  for (let dueAt = now; ; dueAt++) {
    const run = await addRun(tx, { task: id, group: task.group, dueAt, isManual: true, now });
    if (run !== undefined) return run;
  }
}

/** Throws `AppError("not-found")`, also for a task of another group. */
export async function getTask(reader: Reader, id: TaskId, group: Group): Promise<Task> {
  const task = await findTask(reader, id);
  if (task?.group === group.id) return task;
  throw new AppError("not-found", taskWords.noTask({ id: String(id), group: group.name }));
}

/** `7` or `#7`. Throws `AppError("not-found")`. */
export function parseTaskId(word: string, group: string): TaskId {
  const text = word.trim().replace(/^#/, "");
  if (/^[1-9]\d{0,14}$/.test(text)) return toTaskId(Number(text));
  throw new AppError("not-found", taskWords.noTask({ id: word.slice(0, 40), group }));
}

/** The next times of a task, as many as there are of these. */
export function listNext(task: Task, zone: Zone, count: number): readonly number[] {
  if (task.state !== "active" || task.nextAt === undefined) return [];
  const schedule = toSchedule(task, zone);
  const times = [task.nextAt];
  while (times.length < count) {
    const next = nextAfter(schedule, times.at(-1) ?? 0);
    if (next === undefined) break;
    times.push(next);
  }
  return times;
}

async function endTask(
  tx: Transaction,
  id: TaskId,
  clerk: TaskClerk,
  to: { readonly state: "paused" | "cancelled"; readonly reason: string; readonly now: number },
): Promise<Task> {
  const task = await takeTask(tx, id, clerk);
  if (!isOpen(task)) throw new AppError("conflict", taskWords.isOver({ id, state: task.state }));
  await setTaskState(tx, id, { ...to, nextAt: undefined });
  await skipWaitingRuns(tx, id, to);
  return await getTask(tx, id, clerk.group);
}

/** A task has its creator's rights: whoever has fewer must not put words into it. */
export async function takeTask(tx: Reader, id: TaskId, { group, creator }: TaskClerk): Promise<Task> {
  const task = await getTask(tx, id, group);
  if (task.purpose === "heartbeat") throw new AppError("usage", taskWords.heartbeat({ id }));
  if (task.creator.kind === "owner" && creator.kind !== "owner") {
    throw new AppError("denied", taskWords.ofOwner({ id }));
  }
  return task;
}

function toWhom({ creator }: TaskClerk): string {
  return creator.isAgent ? "the assistant" : `the ${creator.kind}`;
}

function isOpen({ state }: Task): boolean {
  return state === "active" || state === "paused";
}

async function chooseZone(
  reader: Reader,
  name: string | undefined,
  { group }: TaskClerk,
  zones: TaskZones,
): Promise<Zone> {
  return name === undefined
    ? await zones.of({ zone: undefined, group: group.id }, reader)
    : zones.get(findZone(name.trim()).name);
}

async function checkNumber(reader: Reader, { group, creator }: TaskClerk, now: number): Promise<void> {
  if (!creator.isAgent) return;
  const { open, madeByAgent } = await countTasks(reader, group.id, now - dayMs);
  if (open >= mostOpen) throw new AppError("conflict", taskWords.tooMany({ most: mostOpen }));
  if (madeByAgent >= mostMade) throw new AppError("conflict", taskWords.tooManyToday({ most: mostMade }));
}

function toName(given: string | undefined, prompt: string): string {
  const name = (given ?? prompt).replaceAll(/\s+/g, " ").trim();
  if (given !== undefined && name !== "") return checkText("name", name);
  return toVisibleLine(prompt, 40);
}

function toScript(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : checkText("script", text);
}

function checkText(part: keyof typeof longest, text: string): string {
  if (text.length > longest[part]) {
    throw new AppError("usage", taskWords.tooLong({ part, most: longest[part] }));
  }
  return text;
}

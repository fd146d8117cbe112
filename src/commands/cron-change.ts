import { loadConfig } from "../config.ts";
import { AppError } from "../errors.ts";
import { findHome } from "../home.ts";
import { findNearestWord } from "../nearest-word.ts";
import { describeGrants } from "../scheduler/describe-grants.ts";
import { describeTask } from "../scheduler/describe-task.ts";
import {
  cancelTask,
  makeTask,
  pauseTask,
  resumeTask,
  reviseTask,
  runTaskNow,
  type TaskClerk,
  type TaskDraft,
} from "../scheduler/task-desk.ts";
import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import { bindChat, findChatOn, seeChat } from "../store/chats.ts";
import type { Transaction } from "../store/database.ts";
import { getGroupById, type Group } from "../store/groups.ts";
import type { ChatId } from "../store/ids.ts";
import { missedPolicies, overlapPolicies, taskContexts, type Task } from "../store/tasks.ts";
import { taskWords } from "../words/english/task.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { grantNeeds } from "./cron-grants.ts";
import { describeTarget, findAnywhere, toFacts } from "./cron.ts";
import { openTaskDesk, type TaskDesk } from "./open-task-desk.ts";
import { allowIn } from "./own-store.ts";
import { toJson } from "./to-json.ts";

export async function runCronAdd(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  await using desk = await openTaskDesk(args, io, signal);
  const { database, zones, group } = desk;
  const draft = await toDraft(args, io);
  const place = await toChatPlace(args, io);
  const task = await database.transaction(async (tx) => {
    await allowIn(tx, "task.add", draft.name ?? draft.prompt?.slice(0, 60) ?? "task", group.name);
    const chat = await chooseChat(tx, place, group);
    const whole = chat === undefined ? draft : { ...draft, chat };
    const made = await makeTask(tx, whole, desk.clerkOf(group), { zones, now: Date.now() });
    return await grantNeeds(tx, args, made, group.name);
  });
  return await tell("Added", task, desk, args, io);
}

export async function runCronUpdate(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  const draft = await toDraft(args, io);
  const place = await toChatPlace(args, io);
  return await change("Changed", args, io, signal, async (tx, task, clerk, desk) => {
    const chat = await chooseChat(tx, place, clerk.group);
    const whole = chat === undefined ? draft : { ...draft, chat };
    const revised = await reviseTask(tx, task.id, whole, clerk, { zones: desk.zones, now: Date.now() });
    return await grantNeeds(tx, args, revised, clerk.group.name);
  });
}

const states = {
  pause: { done: "Paused", to: pauseTask },
  remove: { done: "Removed", to: cancelTask },
} as const;

export async function runCronEnd(
  verb: keyof typeof states,
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { done, to } = states[verb];
  return await change(done, args, io, signal, (tx, task, clerk) => to(tx, task.id, clerk, Date.now()));
}

export async function runCronResume(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  return await change("Resumed", args, io, signal, (tx, task, clerk, { zones }) =>
    resumeTask(tx, task.id, clerk, { zones, now: Date.now() }),
  );
}

export async function runCronRun(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  await using desk = await openTaskDesk(args, io, signal);
  const { id, group: owner } = await findAnywhere(args, desk);
  const group = await getGroupById(desk.database, owner);
  const run = await desk.database.transaction(async (tx) => {
    await allowIn(tx, "task.change", `run task ${id}`, group.name);
    return await runTaskNow(tx, id, desk.clerkOf(group), Date.now());
  });
  const isServed = await desk.wake(group.name);
  const when = isServed ? "It runs now." : "It runs when a gateway does: nanoclaw gateway";
  const log = `Then see: nanoclaw cron log ${id}`;
  await io.write(
    args.has("json") ? toJson({ task: id, run, isServed }) : `✓ Task ${id} waits. ${when}\n  ${log}\n`,
  );
  return 0;
}

async function change(
  done: string,
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
  work: (tx: Transaction, task: Task, clerk: TaskClerk, desk: TaskDesk) => Promise<Task>,
): Promise<ExitCode> {
  await using desk = await openTaskDesk(args, io, signal);
  const task = await findAnywhere(args, desk);
  const group = await getGroupById(desk.database, task.group);
  const changed = await desk.database.transaction(async (tx) => {
    await allowIn(tx, "task.change", `${done.toLowerCase()} task ${task.id}`, group.name);
    return await work(tx, task, desk.clerkOf(group), desk);
  });
  return await tell(done, changed, desk, args, io);
}

/** What is really stored now, and whether anything will come of it. */
async function tell(
  done: string,
  task: Task,
  desk: TaskDesk,
  args: ParsedArguments,
  io: CommandIo,
): Promise<ExitCode> {
  const { database, zones } = desk;
  const isServed = await desk.wake((await getGroupById(database, task.group)).name);
  if (args.has("json")) {
    await io.write(toJson({ ...(await toFacts(task, desk)), isServed }));
    return 0;
  }
  const [head = "", ...rest] = describeTask(task, await zones.of(task, database));
  const isIdle = task.state === "active" && !isServed;
  const lines = [
    ...rest,
    ...(await describeGrants(database, task)),
    `Sends: ${await describeTarget(task, database)}`,
    ...(isIdle ? ["No gateway runs: it is due when one does. Start it: nanoclaw gateway"] : []),
  ];
  const text = lines.map((line) => `  ${sanitizeLine(line)}\n`).join("");
  await io.write(`✓ ${done}: ${sanitizeLine(head)}\n${text}`);
  return 0;
}

async function toDraft(args: ParsedArguments, io: CommandIo): Promise<TaskDraft> {
  const { policy, most } = toMissed(args.value("missed"));
  return {
    name: args.value("name"),
    prompt: args.value("message"),
    script: await readScript(args.value("script"), io),
    cron: args.value("cron"),
    every: args.value("every"),
    at: args.value("at"),
    in: args.value("in"),
    zone: args.value("tz"),
    context: choose("--context", args.value("context"), taskContexts),
    missed: policy,
    mostMissed: most,
    overlap: choose("--overlap", args.value("overlap"), overlapPolicies),
    isDelivered: args.has("quiet") ? false : args.has("deliver") || undefined,
    mayMakeTasks: args.has("may-make-tasks") || undefined,
  };
}

/** `all:3` is all of them, at most three. */
function toMissed(text: string | undefined) {
  const [word, count] = text?.split(":") ?? [];
  const policy = choose("--missed", word, missedPolicies);
  if (count === undefined) return { policy, most: undefined };
  const most = Number(count);
  const isFine = policy === "all" && Number.isSafeInteger(most) && most >= 1 && most <= 100;
  if (!isFine) throw badChoice("--missed", text ?? "", [...missedPolicies, "all:1 to all:100"]);
  return { policy, most };
}

function choose<Word extends string>(
  flag: string,
  text: string | undefined,
  known: readonly Word[],
): Word | undefined {
  if (text === undefined) return undefined;
  const word = known.find((each) => each === text);
  if (word === undefined) throw badChoice(flag, text, known);
  return word;
}

function badChoice(flag: string, value: string, known: readonly string[]): AppError {
  return new AppError("usage", taskWords.badChoice({ flag, value, known }));
}

/** Its text, or `@FILE`. */
async function readScript(text: string | undefined, io: CommandIo): Promise<string | undefined> {
  if (text?.startsWith("@") !== true) return text;
  const { resolve } = await import("node:path");
  return await Bun.file(resolve(io.cwd, text.slice(1))).text();
}

/** A chat of the group; one that belongs to none yet becomes its own. */
async function chooseChat(
  tx: Transaction,
  place: ChatPlace | undefined,
  group: Group,
): Promise<ChatId | undefined> {
  if (place === undefined) return undefined;
  const { channel, to } = place;
  const address = { channel, account: "default", chat: to };
  const known =
    (await findChatOn(tx, channel, to)) ??
    (await seeChat(tx, { ...address, title: undefined, isPrivate: false, now: Date.now() }));
  if (known.group === group.id) return known.id;
  const chat = `${channel} ${to}`;
  if (known.group !== undefined) {
    throw new AppError("conflict", taskWords.chatElsewhere({ chat, group: group.name }));
  }
  await allowIn(tx, "chat.bind", chat, group.name);
  await bindChat(tx, known.id, group.id);
  return known.id;
}

interface ChatPlace {
  readonly channel: string;
  readonly to: string;
}

async function toChatPlace(args: ParsedArguments, io: CommandIo): Promise<ChatPlace | undefined> {
  const [channel, to] = [args.value("channel"), args.value("to")];
  if (channel === undefined && to === undefined) return undefined;
  if (channel === undefined || to === undefined) throw new AppError("usage", taskWords.halfAChat());
  const { config } = await loadConfig(findHome(io.env).config, io.env);
  const known = Object.keys(config.channels);
  if (known.includes(channel)) return { channel, to };
  const nearest = findNearestWord(channel, known);
  throw new AppError("usage", taskWords.unknownChannel({ channel, nearest, known }));
}

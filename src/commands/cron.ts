import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import { describeRun } from "../scheduler/describe-run.ts";
import { describeGrants } from "../scheduler/describe-grants.ts";
import { describeRule, describeTask } from "../scheduler/describe-task.ts";
import { formatInstant } from "../scheduler/format-instant.ts";
import { formatTasks } from "../scheduler/format-tasks.ts";
import { findZone } from "../scheduler/parse-schedule.ts";
import { readGrants } from "../scheduler/live-grants.ts";
import { setGroupZone } from "../scheduler/set-group-zone.ts";
import { getTask, listNext, parseTaskId } from "../scheduler/task-desk.ts";
import type { TaskZones } from "../scheduler/task-zone.ts";
import { findChatById } from "../store/chats.ts";
import type { Reader } from "../store/database.ts";
import { getGroupById, listGroups } from "../store/groups.ts";
import type { GroupId } from "../store/ids.ts";
import { readGroupChoice } from "../store/group-choice.ts";
import { listRuns, type Run } from "../store/task-runs.ts";
import { findTask, listTasks, type Task } from "../store/tasks.ts";
import { sumUsageOf } from "../store/usage.ts";
import { AppError } from "../errors.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { openTaskDesk, type TaskDesk } from "./open-task-desk.ts";
import { allowIn } from "./own-store.ts";
import { toJson } from "./to-json.ts";

export async function runCronList(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  await using desk = await openTaskDesk(args, io, signal);
  const { database, zones, group } = desk;
  const groups = args.has("group") ? [group] : await listGroups(database);
  const tasks = await database.transaction(async (tx) => {
    for (const { name } of groups) await allowIn(tx, "task.list", "all tasks", name);
    const all = await listTasks(tx, { all: args.has("all") });
    return all.filter((task) => groups.some(({ id }) => id === task.group));
  });
  if (args.has("json")) {
    await io.write(toJson(await Promise.all(tasks.map((task) => toFacts(task, desk)))));
    return 0;
  }
  const rows = await Promise.all(
    tasks.map(async (task) => ({
      task,
      zone: await zones.of(task, database),
      group: groups.find(({ id }) => id === task.group)?.name ?? "",
    })),
  );
  await io.write(rows.length === 0 ? noTasks : `${formatTasks(rows)}\n`);
  return 0;
}

const noTasks = 'No tasks yet. Add one: nanoclaw cron add -m "Time to stretch" --in 20m\n';

export async function runCronShow(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  await using desk = await openTaskDesk(args, io, signal);
  const { database, zones } = desk;
  const task = await findAnywhere(args, desk);
  if (args.has("json")) {
    await io.write(toJson(await toFacts(task, desk)));
    return 0;
  }
  const zone = await zones.of(task, database);
  const runs = await listRuns(database, { task: task.id, limit: 3 });
  const lines = [
    ...describeTask(task, zone),
    ...(await describeGrants(database, task)),
    `Sends: ${await describeTarget(task, database)}`,
    `Made: by ${task.creator.isAgent ? `the assistant for the ${task.creator.kind}` : `the ${task.creator.kind}`}, ${formatInstant(task.createdAt.getTime(), zone)}`,
    `Asks: ${task.prompt}`,
    ...(task.script === undefined ? [] : [`Script: ${task.script}`]),
    ...runs.map((run) => describeRun(run, zone)),
  ];
  await io.write(`${lines.map(sanitizeLine).join("\n")}\n`);
  return 0;
}

export async function runCronLog(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  await using desk = await openTaskDesk(args, io, signal);
  const { database, zones, group } = desk;
  const [id] = args.words;
  const task = id === undefined ? undefined : await findAnywhere(args, desk);
  if (task === undefined) await database.transaction((tx) => allowIn(tx, "task.list", "log", group.name));
  const limit = toLimit(args.value("limit"));
  const runs = await listRuns(
    database,
    task === undefined ? { group: group.id, limit } : { task: task.id, limit },
  );
  const rows = await Promise.all(
    runs.map(async (run) => ({ run, tokens: await countTokens(run, database) })),
  );
  if (args.has("json")) {
    await io.write(toJson(rows.map(({ run, tokens }) => ({ ...run, tokens }))));
    return 0;
  }
  const zone =
    task === undefined
      ? zones.get(await readGroupChoice(database, group.id, "zone"))
      : await zones.of(task, database);
  const lines = rows.map(
    ({ run, tokens }) =>
      `${String(run.task).padStart(4)}  ${describeRun(run, zone)}${tokens === 0 ? "" : ` [${tokens} tokens]`}`,
  );
  await io.write(lines.length === 0 ? "Nothing has run yet.\n" : `${lines.map(sanitizeLine).join("\n")}\n`);
  return 0;
}

/** Without a zone it is shown. */
export async function runCronZone(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  await using desk = await openTaskDesk(args, io, signal);
  const { database, zones, group } = desk;
  const [name] = args.words;
  const zone = name === undefined ? undefined : findZone(name);
  await database.transaction(async (tx) => {
    await allowIn(tx, zone === undefined ? "task.list" : "task.change", "time zone", group.name);
    if (zone !== undefined) await setGroupZone(tx, group.id, zone.name, { zones, now: Date.now() });
  });
  if (zone !== undefined) await desk.wake(group.name);
  const current = zones.get(await readGroupChoice(database, group.id, "zone"));
  await io.write(args.has("json") ? toJson({ group: group.name, zone: current.name }) : `${current.name}\n`);
  return 0;
}

/** By its number alone, in whichever group it is; the right to that group is asked. */
export async function findAnywhere(args: ParsedArguments, { database, group }: TaskDesk): Promise<Task> {
  const word = args.words[0] ?? "";
  const id = parseTaskId(word, group.name);
  const all = args.has("group") ? [group] : await listGroups(database);
  const found = await findTask(database, id);
  const owner = all.find((each) => each.id === found?.group) ?? group;
  return await database.transaction(async (tx) => {
    await allowIn(tx, "task.list", `task ${id}`, owner.name);
    return await getTask(tx, id, owner);
  });
}

/** As `--json` prints it. */
export async function toFacts(
  task: Task,
  { database, zones }: { readonly database: Reader; readonly zones: TaskZones },
): Promise<Readonly<Record<string, unknown>>> {
  const zone = await zones.of(task, database);
  const { createdAt, creator, ...plan } = task;
  return {
    ...plan,
    group: (await getGroupById(database, task.group)).name,
    due: describeRule(task),
    zone: zone.name,
    next: listNext(task, zone, 3).map((at) => new Date(at)),
    sends: await describeTarget(task, database),
    grants: await readGrants(database, task),
    madeBy: creator.isAgent ? "assistant" : creator.kind,
    createdAt,
  };
}

export async function describeTarget(
  {
    chat,
    isDelivered,
  }: { readonly chat: Task["chat"]; readonly isDelivered: boolean; readonly group: GroupId },
  reader: Reader,
): Promise<string> {
  if (!isDelivered) return "nothing; what it answers stands in the log";
  const known = chat === undefined ? undefined : await findChatById(reader, chat);
  return known === undefined
    ? "to the chat of the group that was last active"
    : `to ${known.channel} ${known.title ?? known.chat}`;
}

async function countTokens({ turn }: Run, reader: Reader): Promise<number> {
  if (turn === undefined) return 0;
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = await sumUsageOf(reader, { turn });
  return inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens;
}

function toLimit(text: string | undefined): number {
  const limit = Number(text ?? 20);
  if (Number.isSafeInteger(limit) && limit > 0) return limit;
  throw new AppError("usage", `--limit is "${text}", and takes a whole number.`);
}

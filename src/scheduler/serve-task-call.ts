import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Reader, Transaction } from "../store/database.ts";
import { getGroup, listGroups, mainGroup, type Group } from "../store/groups.ts";
import { findGateway } from "../store/gateway-lock.ts";
import { isProcessAlive } from "../store/holder.ts";
import { toTaskId } from "../store/ids.ts";
import type { Store } from "../store/store.ts";
import { listRuns } from "../store/task-runs.ts";
import { setTaskGrants, type TaskGrant } from "../store/task-grants.ts";
import { listTasks, type Task } from "../store/tasks.ts";
import { taskWords } from "../words/english/task.ts";
import { describeTask, summarizeTask } from "./describe-task.ts";
import { describeGrants } from "./describe-grants.ts";
import { describeRun } from "./describe-run.ts";
import {
  cancelTask,
  getTask,
  makeTask,
  pauseTask,
  resumeTask,
  reviseTask,
  planTask,
  runTaskNow,
  takeTask,
  type TaskClerk,
} from "./task-desk.ts";
import { hashTaskPlan } from "./task-plan-hash.ts";
import type { TaskCaller, TaskInput } from "./task-tool.ts";
import type { TaskZones } from "./task-zone.ts";

export interface TaskCallPlace {
  readonly store: Store;
  readonly clock: Clock;
  readonly zones: TaskZones;
  readonly group: Group;
  /** What a task says was read: whoever reads it has seen what it was made of. */
  readonly saw: (taint: number) => void;
  /** Tasks have changed. */
  readonly changed: () => void;
}

/** What an assistant makes must not keep the model busy without end. */
const leastMs = 60_000;

/** One call of the `task` tool, whose right was decided before. Answers with what is stored afterwards. */
export async function serveTaskCall(
  input: TaskInput,
  caller: TaskCaller,
  grants: readonly TaskGrant[] | undefined,
  { store, clock, zones, group: own, saw, changed }: TaskCallPlace,
): Promise<string> {
  const { database } = store;
  const { action } = input;
  const group = input.group === undefined ? own : await getGroup(database, input.group);
  const chat = group.id === own.id ? caller.chat : undefined;
  const clerk: TaskClerk = { ...caller, group, chat, leastMs };
  const place = { zones, now: clock.now() };
  const describe = async (task: Task): Promise<readonly string[]> => [
    ...describeTask(task, await zones.of(task, database)),
    ...(await describeGrants(database, task)),
  ];
  if (action === "list") {
    // Main's are everybody's, unless it asks for one group's.
    const groups = own.name === mainGroup && input.group === undefined ? await listGroups(database) : [group];
    const lines = await Promise.all(
      groups.map((each) => listLines(database, each, groups.length > 1, place.zones, saw)),
    );
    return lines.flat().join("\n") || "No tasks.";
  }
  if (action === "show" || action === "log") {
    const task = await getTask(database, toId(input), group);
    saw(task.taint);
    const zone = await zones.of(task, database);
    const runs = await listRuns(database, { task: task.id, limit: action === "log" ? 20 : 3 });
    const log = runs.map((run) => describeRun(run, zone));
    return [
      ...(await describe(task)),
      `Prompt: ${task.prompt}`,
      ...(task.script === undefined ? [] : [`Script: ${task.script}`]),
      ...log,
    ].join("\n");
  }
  refuseRun(caller);
  const grant = async (tx: Transaction, task: Task): Promise<Task> => {
    if (grants === undefined) return task;
    await setTaskGrants(tx, task.id, grants, { plan: hashTaskPlan(task), now: place.now });
    return task;
  };
  const lines = await database.transaction(async (tx) => {
    switch (action) {
      case "add":
        return await grant(tx, await makeTask(tx, toDraft(input), clerk, place));
      case "update":
        return await grant(tx, await reviseTask(tx, toId(input), toDraft(input), clerk, place));
      case "pause":
        return await pauseTask(tx, toId(input), clerk, place.now);
      case "resume":
        return await resumeTask(tx, toId(input), clerk, place);
      case "cancel":
        return await cancelTask(tx, toId(input), clerk, place.now);
      case "run":
        await runTaskNow(tx, toId(input), clerk, place.now);
        return await getTask(tx, toId(input), group);
      default:
        return action satisfies never;
    }
  });
  changed();
  const isServed = (await findGateway(database, isProcessAlive)) !== undefined;
  const idle = isServed ? [] : ["No gateway runs: it is due when one does (nanoclaw gateway)."];
  return [
    ...(await describe(lines)),
    ...(action === "run" ? ["It runs when this turn is over."] : []),
    ...idle,
  ].join("\n");
}

async function listLines(
  reader: Reader,
  { id, name }: Group,
  isNamed: boolean,
  zones: TaskZones,
  saw: (taint: number) => void,
): Promise<readonly string[]> {
  const tasks = await listTasks(reader, { group: id });
  return await Promise.all(
    tasks.map(async (task) => {
      saw(task.taint);
      const line = summarizeTask(task, await zones.of(task, reader));
      return isNamed ? `${name}: ${line}` : line;
    }),
  );
}

function toId({ id, group }: TaskInput): ReturnType<typeof toTaskId> {
  if (id !== undefined) return toTaskId(id);
  throw new AppError("not-found", taskWords.noTask({ id: "without an id", group: group ?? "here" }));
}

/** What would keep a call that adds or changes from being done: said before the owner is asked about its needs. */
export async function checkTaskCall(
  input: TaskInput,
  caller: TaskCaller,
  { store, clock, zones, group: own }: Pick<TaskCallPlace, "store" | "clock" | "zones" | "group">,
): Promise<void> {
  refuseRun(caller);
  const { database } = store;
  const group = input.group === undefined ? own : await getGroup(database, input.group);
  const clerk: TaskClerk = { ...caller, group, chat: undefined, leastMs };
  if (input.action === "add") await planTask(database, toDraft(input), clerk, { zones, now: clock.now() });
  else await takeTask(database, toId(input), clerk);
}

function refuseRun({ isTask, mayMakeTasks }: TaskCaller): void {
  if (isTask && !mayMakeTasks) throw new AppError("denied", taskWords.byTask());
}

function toDraft({ id: _, action: _action, group: _group, needs: _needs, ...draft }: TaskInput) {
  return draft;
}

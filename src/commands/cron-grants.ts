import { findChatByWord } from "../groups/find-chat.ts";
import { toTaskGrants } from "../scheduler/task-needs.ts";
import { hashTaskPlan } from "../scheduler/task-plan-hash.ts";
import type { Transaction } from "../store/database.ts";
import { getGroupById } from "../store/groups.ts";
import { removeTaskGrants, setTaskGrants } from "../store/task-grants.ts";
import type { Task } from "../store/tasks.ts";
import { AppError } from "../errors.ts";
import { taskWords } from "../words/english/task.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { findAnywhere } from "./cron.ts";
import { openTaskDesk } from "./open-task-desk.ts";
import { allowIn } from "./own-store.ts";
import { toJson } from "./to-json.ts";

/** What the owner says with the task that its runs may do; without a word of it, what they may stays. */
export async function grantNeeds(
  tx: Transaction,
  args: ParsedArguments,
  task: Task,
  group: string,
): Promise<Task> {
  const [hosts, chats] = [args.values("host"), args.values("send-to")];
  if (hosts.length + chats.length === 0) return task;
  await allowIn(tx, "task.grant", `task ${task.id}: ${[...hosts, ...chats].join(", ")}`, group);
  const find = async (word: string) => (await findChatByWord(tx, word, { showsTitles: true })).id;
  const grants = await toTaskGrants({ hosts, chats }, find);
  await setTaskGrants(tx, task.id, grants, { plan: hashTaskPlan(task), now: Date.now() });
  return task;
}

/** From its next connection and its next send on, also in a run that is at work. */
export async function runCronRevoke(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  await using desk = await openTaskDesk(args, io, signal);
  const { id, group: owner } = await findAnywhere(args, desk);
  const { name } = await getGroupById(desk.database, owner);
  await desk.database.transaction(async (tx) => {
    await allowIn(tx, "task.change", `revoke what task ${id} may`, name);
    if ((await removeTaskGrants(tx, id)) === 0) throw new AppError("not-found", taskWords.noGrants({ id }));
  });
  await io.write(
    args.has("json")
      ? toJson({ task: id })
      : `✓ The runs of task ${id} may no more than its group, and ask for the rest.\n`,
  );
  return 0;
}

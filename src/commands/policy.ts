import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import { describeLevel } from "../approvals/describe-level.ts";
import { parseTaintBits, type Taint } from "../authority/taint.ts";
import { AppError } from "../errors.ts";
import { withRight } from "../sessions/session-place.ts";
import { listPending } from "../store/approvals.ts";
import { listEgressRules } from "../store/egress-rules.ts";
import { levelNames, readLevel, setLevel, type Level } from "../store/group-level.ts";
import { clearGroupTaint } from "../store/groups.ts";
import { listPermissions, removePermission } from "../store/permissions.ts";
import { findCurrentSession } from "../store/sessions.ts";
import { listGrantedTasks } from "../store/task-grants.ts";
import { approvalWords } from "../words/english/approval.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { openOwnGroup } from "./own-store.ts";
import { toJson } from "./to-json.ts";

type Run = (args: ParsedArguments, io: CommandIo, signal: AbortSignal) => Promise<ExitCode>;

/** How freely a group works, what was allowed it for good, and what its past forbids. */
export const runPolicyShow: Run = async (args, io, signal) => {
  await using place = await openOwnGroup(args.words[0], io, signal);
  const { group, clock } = place;
  const facts = await withRight(place, "policy.read", "all of it", async (tx) => ({
    group: group.name,
    level: await readLevel(tx, group.name),
    files: parseTaintBits(group.taint),
    conversation: parseTaintBits((await findCurrentSession(tx, group.id))?.taint ?? 0),
    hosts: (await listEgressRules(tx, group.id)).map(({ host, port }) =>
      port === undefined ? host : `${host}:${port}`,
    ),
    permissions: await listPermissions(tx, group.id),
    tasks: await listGrantedTasks(tx, group.id),
    waiting: (await listPending(tx, clock.now(), group.id)).length,
  }));
  if (args.has("json")) {
    await io.write(toJson(facts));
    return 0;
  }
  const { level, files, conversation, hosts, permissions, tasks, waiting } = facts;
  const lines = [
    `${group.name} is ${level}.`,
    ...levelNames.map((name) => `  ${name === level ? "▸" : " "} ${name.padEnd(8)} ${describeLevel(name)}`),
    `Files          ${describeTaint(files)}`,
    `Conversation   ${describeTaint(conversation)}`,
    `Hosts          ${hosts.length === 0 ? "none" : sanitizeLine(hosts.join(", "))}`,
    `Waiting        ${waiting === 0 ? "nothing" : `${waiting}: nanoclaw approvals list`}`,
    `Allowed for good${permissions.length === 0 ? "  nothing" : ""}`,
    ...permissions.map(
      ({ id, action, tool, bound, objectGroup }) =>
        `  ${String(id).padStart(4)}  ${tool === "" ? action : tool} ${sanitizeLine(bound)}${objectGroup === group.name ? "" : ` in ${objectGroup}`}`,
    ),
  ];
  const unattended = tasks.map((id) => `  task ${id} may more: nanoclaw cron show ${id}`);
  await io.write(`${[...lines, ...unattended].join("\n")}\n`);
  return 0;
};

export const runPolicySet: Run = async (args, io, signal) => {
  const level = toLevel(args.words[1] ?? "");
  await using place = await openOwnGroup(args.words[0], io, signal);
  await withRight(place, "policy.change", `level ${level}`, (tx) => setLevel(tx, place.group.id, level));
  await io.write(`✓ ${place.group.name} is ${level} from its next action on: ${describeLevel(level)}\n`);
  return 0;
};

export const runPolicyRevoke: Run = async (args, io, signal) => {
  const word = args.words[1] ?? "";
  await using place = await openOwnGroup(args.words[0], io, signal);
  const { id: group, name } = place.group;
  const id = Number(word.replace(/^#/, ""));
  const wasThere = await withRight(place, "policy.change", `revoke permission ${word}`, async (tx) =>
    Number.isSafeInteger(id) ? await removePermission(tx, group, id) : false,
  );
  if (!wasThere) throw new AppError("not-found", approvalWords.noPermission({ id: word, group: name }));
  await io.write(`✓ ${name} asks again for what permission ${id} allowed.\n`);
  return 0;
};

/** The owner has looked at the group's files, or does not mind: what was remembered of them is forgotten. */
export const runClearTaint: Run = async (args, io, signal) => {
  await using place = await openOwnGroup(args.words[0], io, signal);
  const { group } = place;
  await withRight(place, "taint.clear", "files", (tx) => clearGroupTaint(tx, group.id));
  await io.write(
    `✓ The files of ${group.name} count as harmless again. Its conversation does not: /new begins another.\n`,
  );
  return 0;
};

function toLevel(name: string): Level {
  const level = levelNames.find((each) => each === name);
  if (level !== undefined) return level;
  throw new AppError("usage", approvalWords.unknownLevel({ name, known: levelNames }));
}

export function describeTaint({ sawUntrusted, readPrivate }: Taint): string {
  const seen = [...(sawUntrusted ? ["words of strangers"] : []), ...(readPrivate ? ["private data"] : [])];
  return seen.length === 0 ? "nothing that matters" : seen.join(" and ");
}

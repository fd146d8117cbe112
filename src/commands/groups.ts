import { toLocalTime } from "../local-time.ts";
import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { formatTable } from "./format-table.ts";
import type { GroupDescription, GroupDirectory, GroupSummary } from "./services.ts";
import { toJson } from "./to-json.ts";

export async function runGroupsList(
  args: ParsedArguments,
  io: CommandIo,
  groups: GroupDirectory,
  signal: AbortSignal,
): Promise<ExitCode> {
  const all = await groups.list(signal);
  await io.write(args.has("json") ? toJson(all) : formatGroups(all));
  return 0;
}

export async function runGroupsShow(
  args: ParsedArguments,
  io: CommandIo,
  groups: GroupDirectory,
  signal: AbortSignal,
): Promise<ExitCode> {
  const group = await groups.describe(args.words[0] ?? "", signal);
  await io.write(args.has("json") ? toJson(group) : formatGroup(group));
  return 0;
}

export async function runGroupsAdd(
  args: ParsedArguments,
  io: CommandIo,
  groups: GroupDirectory,
  signal: AbortSignal,
): Promise<ExitCode> {
  const group = await groups.add(args.words[0] ?? "", args.value("template"), signal);
  const next = `Talk to it: nanoclaw -g ${group.name}\nGive it a chat: nanoclaw groups bind ${group.name} CHAT`;
  await io.write(args.has("json") ? toJson(group) : `✓ Added group ${group.name}. ${next}\n`);
  return 0;
}

function formatGroups(groups: readonly GroupSummary[]): string {
  return formatTable(
    ["NAME", "CHATS", "SESSIONS", "ENTRIES"],
    groups.map(({ name, chats, sessions, entries }) => [name, chats, sessions, entries]),
  );
}

function formatGroup(group: GroupDescription): string {
  const { triggerMode, triggerName, greeting = "", style = "", model } = group.settings;
  const facts = [
    ["Group", group.name],
    ["Folder", group.folder],
    ["Since", toLocalTime(group.createdAt, "day")],
    ["Sessions", String(group.sessions)],
    ["Entries", String(group.entries)],
    ["Answers", `@${triggerName}, mode ${triggerMode}`],
    ...(greeting === "" ? [] : [["Greeting", greeting]]),
    ...(style === "" ? [] : [["Style", style]]),
    ...(model === undefined ? [] : [["Model", model]]),
    ...group.chatList.map(({ id, channel, title, isPrivate }, index) => [
      index === 0 ? "Chats" : "",
      `${id}  ${channel}  ${title}${isPrivate ? "  (private)" : ""}`,
    ]),
  ];
  return facts.map(([name = "", value = ""]) => `${name.padEnd(11)} ${sanitizeLine(value)}\n`).join("");
}

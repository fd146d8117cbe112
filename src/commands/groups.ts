import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import { unknownGroup } from "../store/groups.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import type { GroupDirectory, GroupSummary } from "./services.ts";
import { toJson } from "./to-json.ts";

export async function runGroupsList(
  args: ParsedArguments,
  io: CommandIo,
  groups: GroupDirectory,
  signal: AbortSignal,
): Promise<ExitCode> {
  const all = await groups.list(signal);
  await io.write(args.has("json") ? toJson(all) : formatTable(all));
  return 0;
}

export async function runGroupsShow(
  args: ParsedArguments,
  io: CommandIo,
  groups: GroupDirectory,
  signal: AbortSignal,
): Promise<ExitCode> {
  const name = args.words[0] ?? "";
  const all = await groups.list(signal);
  const group = all.find((known) => known.name === name);
  if (group === undefined) {
    throw unknownGroup(
      name,
      all.map((known) => known.name),
    );
  }
  await io.write(args.has("json") ? toJson(group) : formatGroup(group));
  return 0;
}

export async function runGroupsAdd(
  args: ParsedArguments,
  io: CommandIo,
  groups: GroupDirectory,
  signal: AbortSignal,
): Promise<ExitCode> {
  const group = await groups.add(args.words[0] ?? "", signal);
  await io.write(
    args.has("json") ? toJson(group) : `✓ Added group ${group.name}. Talk to it: nanoclaw -g ${group.name}\n`,
  );
  return 0;
}

function formatTable(groups: readonly GroupSummary[]): string {
  if (groups.length === 0) return "No groups yet. Add one: nanoclaw groups add NAME\n";
  const width = Math.max(4, ...groups.map((group) => group.name.length));
  const rows = groups.map((group) => [group.name, group.sessions, group.entries] as const);
  return [["NAME", "SESSIONS", "ENTRIES"] as const, ...rows]
    .map(
      ([name, sessions, entries]) => `${name.padEnd(width)}  ${String(sessions).padStart(8)}  ${entries}\n`,
    )
    .join("");
}

function formatGroup(group: GroupSummary): string {
  return [
    `Group       ${group.name}`,
    `Folder      ${sanitizeLine(group.folder)}`,
    `Since       ${group.createdAt.toISOString().slice(0, 10)}`,
    `Sessions    ${group.sessions}`,
    `Entries     ${group.entries}`,
    "",
  ].join("\n");
}

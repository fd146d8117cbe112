import { toLocalTime } from "../local-time.ts";
import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import { systemClock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { readGroupLog, type GroupLogLine } from "../groups/group-log.ts";
import { watchWrites } from "../store/watch-writes.ts";
import { usageWords } from "../words/english/usage.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { allow, openOwnGroup } from "./own-store.ts";
import { toJson } from "./to-json.ts";

const usualCount = 50;
const restMs = 60_000;
const settleMs = 30;

/** What a group was asked and did, the last of it; with `-f` also what is added. */
export async function runGroupsLog(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  const count = parseCount(args.value("lines"));
  await using place = await openOwnGroup(args.words[0], io, signal);
  const { store, group } = place;
  await allow(store, "messages.list", `log of ${group.name}`);
  // Before the first look, so that nothing falls between look and wait.
  using writes = args.has("follow") ? await watchWrites(store) : undefined;
  const shown = new Set<string>();
  for (;;) {
    // When it is followed, a moment may bring more than was asked for at first.
    const all = await readGroupLog(store.database, group.id, Math.max(count, shown.size === 0 ? 0 : 200));
    const fresh = all.filter(({ key }) => !shown.has(key));
    for (const { key } of fresh) shown.add(key);
    if (writes === undefined && args.has("json")) await io.write(toJson(fresh.map(toLineJson)));
    else await io.write(fresh.map((line) => format(line, args.has("json"))).join(""));
    if (writes === undefined) {
      if (fresh.length === 0 && !args.has("json")) await io.write(`Nothing was said in ${group.name} yet.\n`);
      return 0;
    }
    // A write is seen before its commit is.
    if (await writes.next(restMs, systemClock, signal)) await systemClock.sleep(settleMs, signal);
  }
}

function format(line: GroupLogLine, isJson: boolean): string {
  if (isJson) return `${JSON.stringify(toLineJson(line))}\n`;
  const { at, what, text } = line;
  return `${toLocalTime(at, "second")}  ${what.padEnd(8)}  ${sanitizeLine(text)}\n`;
}

function toLineJson({ at, what, text }: GroupLogLine) {
  return { at, what, text };
}

function parseCount(text: string | undefined): number {
  if (text === undefined) return usualCount;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new AppError("usage", usageWords.noCount({ text }));
}

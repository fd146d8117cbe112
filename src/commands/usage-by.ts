import { AppError } from "../errors.ts";
import { findHome } from "../home.ts";
import { readUsageBy, toSize, toTotal, type UsageRow } from "../sessions/usage-by.ts";
import { toSent } from "../sessions/read-usage.ts";
import type { UsageKey } from "../store/usage.ts";
import type { Phrases } from "../words/english/phrases.ts";
import { toMoney } from "../words/english/usage-phrases.ts";
import { usageWords } from "../words/english/usage.ts";
import { loadLanguage } from "../words/load-language.ts";
import { findNearestWord } from "../nearest-word.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { formatTable } from "./format-table.ts";
import { readConfig } from "./read-config.ts";
import { openOwnGroup } from "./own-store.ts";
import { toJson } from "./to-json.ts";

const keys = ["group", "model", "task", "day"] as const satisfies readonly UsageKey[];

/** One row for each group, model, task or day; at a terminal with a bar as long as what it took. */
export async function runUsageBy(
  word: string,
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  const by = keys.find((key) => key === word);
  if (by === undefined) {
    throw new AppError(
      "usage",
      usageWords.usageBy({ word, nearest: findNearestWord(word, keys), known: keys }),
    );
  }
  const group = args.value("group");
  const { limits } = await readConfig(findHome(io.env), io);
  await using place = await openOwnGroup(group, io, signal);
  const rows = await readUsageBy(place, { by, isOfAll: group === undefined, prices: limits.prices });
  if (args.has("json")) {
    await io.write(
      toJson({ by, rows: rows.map((row) => ({ ...row, key: row.key ?? null })), total: toTotal(rows) }),
    );
    return 0;
  }
  const { phrases } = await loadLanguage(io.env);
  await io.write(formatUsage(by, rows, phrases, io.isTerminal.output ? io.columns : undefined));
  return 0;
}

/** `columns`: of a terminal, which is given bars as far as there is room. */
export function formatUsage(
  by: UsageKey,
  rows: readonly UsageRow[],
  { usage: words }: Phrases,
  columns: number | undefined,
): string {
  if (rows.length === 0) return `${words.nothing}\n`;
  const { heads, conversations, total } = words;
  const all = [
    ...rows.map((row) => ({ ...row, key: row.key ?? conversations })),
    ...(rows.length > 1 ? [{ ...toTotal(rows), key: total }] : []),
  ];
  const hasCost = all.some(({ dollars }) => dollars !== undefined);
  const table = formatTable(
    [
      by.toUpperCase(),
      heads.calls,
      heads.sent,
      heads.received,
      heads.cacheRead,
      heads.cacheWrite,
      ...(hasCost ? [heads.cost] : []),
    ],
    all.map(({ key, calls, usage, dollars }) => [
      key,
      calls,
      toSent(usage),
      usage.outputTokens,
      usage.cacheReadTokens,
      usage.cacheWriteTokens,
      ...(hasCost ? [dollars === undefined ? "–" : toMoney(dollars)] : []),
    ]),
  );
  return columns === undefined ? table : withBars(table, rows.map(toSize), columns);
}

const shortestBar = 8;
const longestBar = 40;

/** Behind each line but the first, and the sum's. */
function withBars(table: string, sizes: readonly number[], columns: number): string {
  const lines = table.trimEnd().split("\n");
  const width = Math.max(...lines.map((line) => Bun.stringWidth(line)));
  const room = Math.min(longestBar, columns - width - 3);
  if (room < shortestBar) return table;
  const most = Math.max(...sizes, 1);
  return lines
    .map((line, index) => {
      const size = sizes[index - 1];
      if (size === undefined) return `${line}\n`;
      return `${line}${" ".repeat(width - Bun.stringWidth(line))}  ${toBar(size / most, room)}\n`;
    })
    .join("");
}

const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

function toBar(share: number, room: number): string {
  const parts = Math.max(1, Math.round(share * room * 8));
  return "█".repeat(Math.floor(parts / 8)) + (eighths[parts % 8] ?? "");
}

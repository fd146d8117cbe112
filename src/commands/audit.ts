import { toLocalTime } from "../local-time.ts";
import { verifyAudit } from "../authority/audit.ts";
import { systemClock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { parseTime } from "../parse-time.ts";
import { findAuditRow, listAuditTail, type AuditRow } from "../store/audit-rows.ts";
import { findShownHead, noteShownHead } from "../store/audit-shown.ts";
import { getGroup } from "../store/groups.ts";
import type { Store } from "../store/store.ts";
import { watchWrites } from "../store/watch-writes.ts";
import { auditWords } from "../words/english/audit.ts";
import { doctorWords } from "../words/english/doctor.ts";
import { usageWords } from "../words/english/usage.ts";
import type { ParsedArguments } from "./arguments.ts";
import { formatHead, parseHead, type PartialHead } from "./audit-head.ts";
import { formatRow, toEntry } from "./audit-row.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { allow, openOwnStore } from "./own-store.ts";
import { createStyle, hasColor } from "./style.ts";
import { toJson } from "./to-json.ts";

const usualCount = 50;
const mostAtOnce = 500;
const restMs = 60_000;
const settleMs = 30;

/** What was decided: the end of the log, what is added to it, or whether it is whole. */
export async function runAuditCommand(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  const since = parseSince(args.value("since"), systemClock.now());
  const limit = parseCount(args.value("lines"));
  const head = parseHead(args.value("head"));
  await using store = await openOwnStore(io, signal);
  const group = await findGroupName(store, args.value("group"));
  await allow(store, "audit.read", group ?? "all groups");
  if (args.has("verify")) return await verify(store, head, args.has("json"), io);
  const isFollowed = args.has("follow");
  const style = createStyle(hasColor(io, "output"));
  const keep = ({ verdict }: AuditRow): boolean => !args.has("refused") || verdict !== "allow";
  // Before the first look, so that nothing falls between look and wait.
  using writes = isFollowed ? await watchWrites(store) : undefined;
  for (let after = 0, most = args.has("refused") ? Number.MAX_SAFE_INTEGER : limit; ; most = mostAtOnce) {
    const rows = await listAuditTail(store.database, { group, since, after, limit: most });
    const isFirst = after === 0;
    after = rows.at(-1)?.id ?? after;
    const kept = rows.filter(keep).slice(isFirst ? -limit : 0);
    if (args.has("json")) {
      await io.write(
        isFollowed
          ? kept.map((row) => `${JSON.stringify(toEntry(row))}\n`).join("")
          : toJson(kept.map(toEntry)),
      );
    } else if (kept.length > 0) await io.write(kept.map((row) => formatRow(row, style)).join(""));
    else if (!isFollowed) await io.write("Nothing of that kind was decided.\n");
    if (writes === undefined) return 0;
    // A write is seen before its commit is.
    if (await writes.next(restMs, systemClock, signal)) await systemClock.sleep(settleMs, signal);
  }
}

/** Walks all of it, against the end that was shown last and one that was written down. */
async function verify(
  store: Store,
  noted: PartialHead | undefined,
  isJson: boolean,
  io: CommandIo,
): Promise<ExitCode> {
  const { database } = store;
  const shown = await findShownHead(database);
  const report = await verifyAudit(database, shown);
  if (!report.isIntact) {
    throw new AppError("store", doctorWords.auditBroken({ row: report.brokenAt, reason: report.reason }));
  }
  if (noted !== undefined && (await findAuditRow(database, noted.id))?.hash.startsWith(noted.hash) !== true) {
    const reason = "It is not the one that you wrote down.";
    throw new AppError("store", doctorWords.auditBroken({ row: noted.id, reason }));
  }
  await database.transaction((tx) => noteShownHead(tx, report.head, systemClock.now()));
  const { id, hash } = report.head;
  if (isJson) await io.write(toJson({ isIntact: true, head: { id, hash }, shown: shown ?? null }));
  else {
    const before =
      shown === undefined
        ? ""
        : `, and goes on from row ${shown.id} as you were shown it ${toLocalTime(shown.at, "second")}`;
    await io.write(
      `✓ The audit log is whole: ${id} rows, none changed or taken out${before}.\n  Its end: ${formatHead(report.head)}\n`,
    );
  }
  return 0;
}

async function findGroupName(store: Store, wanted: string | undefined): Promise<string | undefined> {
  if (wanted === undefined) return undefined;
  // A group that was removed stays in the log.
  const rows = await listAuditTail(store.database, { group: wanted, since: 0, after: 0, limit: 1 });
  return rows.length > 0 ? wanted : (await getGroup(store.database, wanted)).name;
}

function parseSince(text: string | undefined, now: number): number {
  if (text === undefined) return 0;
  const match = /^(\d{1,6})([mhd])$/.exec(text.trim());
  const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 }[match?.[2] ?? ""] ?? 0;
  const time = match === null ? parseTime(text, new Date(now)) : now - Number(match[1]) * unitMs;
  if (time === undefined) throw new AppError("usage", auditWords.notASince({ text }));
  return time;
}

function parseCount(text: string | undefined): number {
  if (text === undefined) return usualCount;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new AppError("usage", usageWords.noCount({ text }));
}

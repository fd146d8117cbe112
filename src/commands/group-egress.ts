import { toLocalTime } from "../local-time.ts";
import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import { systemClock } from "../clock.ts";
import { parseEgressRule, toRuleName, type EgressRule } from "../egress/policy.ts";
import { AppError } from "../errors.ts";
import { withRight } from "../sessions/session-place.ts";
import { listEgressRows, type AuditRow } from "../store/audit-rows.ts";
import { listEgressRules, removeEgressRule, saveEgressRule } from "../store/egress-rules.ts";
import { readLevel } from "../store/group-level.ts";
import { readNetwork, setNetwork, type Network } from "../store/group-network.ts";
import { watchWrites } from "../store/watch-writes.ts";
import { egressWords } from "../words/english/egress.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { toJson } from "./to-json.ts";
import { openOwnGroup } from "./own-store.ts";

type Run = (args: ParsedArguments, io: CommandIo, signal: AbortSignal) => Promise<ExitCode>;

export const runEgressAllow: Run = async (args, io, signal) => {
  const rule = parseEgressRule(args.words[1] ?? "", args.values("read-only"));
  await using place = await openOwnGroup(args.words[0], io, signal);
  const readOnly = JSON.stringify(rule.readOnly);
  await withRight(place, "egress.change", `allow ${toRuleName(rule)}`, (tx, now) =>
    saveEgressRule(tx, place.group.id, { host: rule.host, port: rule.port, readOnly, now }),
  );
  const words = `✓ ${place.group.name} may reach ${describe(rule)}, from its next command on.\n`;
  await io.write(args.has("json") ? toJson(rule) : words);
  return 0;
};

export const runEgressDeny: Run = async (args, io, signal) => {
  const rule = readRule(args.words[1] ?? "");
  await using place = await openOwnGroup(args.words[0], io, signal);
  const { id, name } = place.group;
  const wasThere = await withRight(place, "egress.change", `deny ${toRuleName(rule)}`, (tx) =>
    removeEgressRule(tx, id, toRuleName(rule)),
  );
  if (!wasThere) {
    const known = (await listEgressRules(place.store.database, id)).map(toStoredName);
    throw new AppError("not-found", egressWords.notAllowed({ group: name, host: toRuleName(rule), known }));
  }
  await io.write(
    args.has("json") ? toJson(rule) : `✓ ${name} opens no more connections to ${toRuleName(rule)}.\n`,
  );
  return 0;
};

export const runEgressList: Run = async (args, io, signal) => {
  await using place = await openOwnGroup(args.words[0], io, signal);
  const { id, name } = place.group;
  const { rules, network, level } = await withRight(place, "egress.read", "hosts", async (tx) => ({
    rules: await listEgressRules(tx, id),
    network: await readNetwork(tx, id),
    level: await readLevel(tx, name),
  }));
  const known = rules.map((rule) => ({
    ...readRule(toStoredName(rule)),
    readOnly: readPrefixes(rule.readOnly),
  }));
  if (args.has("json")) {
    await io.write(toJson(known));
    return 0;
  }
  const fix = `nanoclaw groups egress allow ${name} HOST`;
  const none =
    level === "locked"
      ? `${name} may reach nothing: it is locked, and its sandbox has no network. Allow a host: ${fix}`
      : `${name} may reach nothing yet: you are asked about what it tries. Allow a host: ${fix}`;
  const lines = [
    ...(network === "none"
      ? [`The sandbox of ${name} has no network. Give it back: nanoclaw groups egress on ${name}`]
      : known.length === 0
        ? [none]
        : []),
    ...known.map((rule) => sanitizeLine(describe(rule))),
  ];
  await io.write(`${lines.join("\n")}\n`);
  return 0;
};

/** Off: no network at all, whatever is listed and however freely the group works. */
export async function runEgressSwitch(
  network: Network,
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  await using place = await openOwnGroup(args.words[0], io, signal);
  const { id, name } = place.group;
  const isOff = network === "none";
  await withRight(place, "egress.change", isOff ? "off" : "on", (tx) => setNetwork(tx, id, network));
  const words = isOff
    ? `✓ The sandbox of ${name} has no network; its hosts stay listed. Give it back: nanoclaw groups egress on ${name}`
    : `✓ The sandbox of ${name} reaches its hosts again, from its next command on.`;
  await io.write(args.has("json") ? toJson({ group: name, network }) : `${words}\n`);
  return 0;
}

export const runEgressLog: Run = async (args, io, signal) => {
  await using place = await openOwnGroup(args.words[0], io, signal);
  const { group, store } = place;
  await withRight(place, "egress.read", "log", async () => {});
  // Before the first look, so that nothing falls between look and wait.
  using writes = args.has("follow") ? await watchWrites(store) : undefined;
  for (let last = 0; ;) {
    const rows = await listEgressRows(store.database, group.name, last, pageSize);
    last = rows.at(-1)?.id ?? last;
    if (args.has("json")) await io.write(writes === undefined ? toJson(rows.map(toEntry)) : toLines(rows));
    else if (rows.length > 0) await io.write(rows.map(formatRow).join(""));
    else if (writes === undefined) await io.write(`${group.name} has tried to reach nothing.\n`);
    if (writes === undefined) return 0;
    // A write is seen before its commit is.
    if (await writes.next(restMs, systemClock, signal)) await systemClock.sleep(settleMs, signal);
  }
};

/** Of the log, when it is not followed: the last so many. */
const pageSize = 500;
const restMs = 60_000;
const settleMs = 30;

/** One that cannot be understood is still one that can be taken out. */
function readRule(text: string): Pick<EgressRule, "host" | "port"> {
  try {
    const { readOnly: _, ...rule } = parseEgressRule(text);
    return rule;
  } catch {
    return { host: text };
  }
}

function readPrefixes(stored: string): unknown {
  try {
    return JSON.parse(stored);
  } catch {
    return stored;
  }
}

function toStoredName({ host, port }: { readonly host: string; readonly port: number | undefined }): string {
  return port === undefined ? host : `${host}:${port}`;
}

function describe(rule: Pick<EgressRule, "host" | "port"> & { readonly readOnly: unknown }): string {
  const prefixes = Array.isArray(rule.readOnly) ? rule.readOnly : [];
  return prefixes.length === 0
    ? toRuleName(rule)
    : `${toRuleName(rule)} (reading below ${prefixes.join(", ")})`;
}

function toEntry({ at, verdict, object, reason }: AuditRow) {
  return { at: new Date(at).toISOString(), verdict, request: object, reason: reason ?? null };
}

function formatRow({ at, verdict, object, reason = "" }: AuditRow): string {
  const time = toLocalTime(new Date(at), "second");
  return `${time}  ${verdict.padEnd(5)}  ${sanitizeLine(object)}${reason === "" ? "" : `  ${reason}`}\n`;
}

function toLines(rows: readonly AuditRow[]): string {
  return rows.map((row) => `${JSON.stringify(toEntry(row))}\n`).join("");
}

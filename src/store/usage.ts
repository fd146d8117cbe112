import type { Usage } from "../providers/provider.ts";
import { integerOf, optionalTextOf, textOf } from "./columns.ts";
import type { Reader, Row, Transaction } from "./database.ts";
import { toGroupId, toTurnId, type GroupId, type SessionId, type TurnId } from "./ids.ts";

export interface NewUsage {
  readonly turn: TurnId;
  readonly provider: string;
  readonly model: string;
  readonly usage: Usage;
  readonly now: number;
}

/** One row for each call of a model. */
export async function addUsageRow(
  tx: Transaction,
  { turn, provider, model, usage, now }: NewUsage,
): Promise<void> {
  await tx.run(
    `INSERT INTO usage (turn_id, provider, model, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    turn,
    provider,
    model,
    usage.inputTokens,
    usage.outputTokens,
    usage.cacheReadTokens,
    usage.cacheWriteTokens,
    now,
  );
}

/** What is to be summed up; several narrow each other. */
export interface UsageScope {
  readonly turn?: TurnId;
  readonly session?: SessionId;
  readonly group?: GroupId;
  /** Not before this time. */
  readonly since?: number;
}

export interface ModelUsage {
  readonly provider: string;
  readonly model: string;
  /** Calls of the model. */
  readonly calls: number;
  readonly usage: Usage;
}

export async function sumUsage(reader: Reader, session: SessionId): Promise<Usage> {
  return await sumUsageOf(reader, { session });
}

export async function sumUsageOf(reader: Reader, scope: UsageScope): Promise<Usage> {
  const { condition, values } = toCondition(scope);
  return toUsage((await reader.get(`SELECT ${sums} ${condition}`, ...values)) ?? {});
}

/** The one that took most first. */
export async function sumUsageByModel(reader: Reader, scope: UsageScope): Promise<ModelUsage[]> {
  const { condition, values } = toCondition(scope);
  const rows = await reader.all(
    `SELECT provider, usage.model AS name, count(*) AS calls, ${sums} ${condition}
     GROUP BY provider, usage.model ORDER BY input + output + cache_read + cache_write DESC`,
    ...values,
  );
  return rows.map(toModelUsage);
}

export interface GroupUsage extends ModelUsage {
  readonly group: GroupId;
}

/** Of every group, since a time; `afterId`: only of rows behind that one, each with the last row it has seen. */
export async function sumUsageByGroup(
  reader: Reader,
  since: number,
  afterId = 0,
): Promise<(GroupUsage & { readonly lastId: number })[]> {
  // Of a whole day by the time, of what came last by the id: the plus keeps SQLite from the other index.
  const where = afterId === 0 ? "usage.at >= ?1 AND usage.id > ?2" : "+usage.at >= ?1 AND usage.id > ?2";
  const rows = await reader.all(
    `SELECT turns.group_id AS group_id, provider, usage.model AS name, count(*) AS calls, max(usage.id) AS last, ${sums}
     FROM usage JOIN turns ON turns.id = usage.turn_id WHERE ${where}
     GROUP BY turns.group_id, provider, usage.model`,
    since,
    afterId,
  );
  return rows.map((row) => ({
    ...toModelUsage(row),
    group: toGroupId(row["group_id"]),
    lastId: integerOf(row, "last"),
  }));
}

/** By what sums can be told apart. */
export type UsageKey = "group" | "model" | "task" | "day";

export interface KeyedUsage extends ModelUsage {
  /** Nothing: of no task. */
  readonly key: string | undefined;
}

// A day is one of this machine's clock, as the days of a budget are.
const keys: Readonly<Record<UsageKey, string>> = {
  group: "(SELECT name FROM groups WHERE groups.id = turns.group_id)",
  model: "usage.model",
  task: "(SELECT tasks.name FROM task_runs JOIN tasks ON tasks.id = task_runs.task_id WHERE task_runs.turn_id = turns.id)",
  day: "date(usage.at / 1000, 'unixepoch', 'localtime')",
};

/** For each key and model; in no order. */
export async function sumUsageByKey(
  reader: Reader,
  scope: UsageScope,
  key: UsageKey,
): Promise<readonly KeyedUsage[]> {
  const { condition, values } = toCondition(scope);
  const rows = await reader.all(
    `SELECT ${keys[key]} AS key, provider, usage.model AS name, count(*) AS calls, ${sums} ${condition}
     GROUP BY 1, provider, usage.model`,
    ...values,
  );
  return rows.map((row) => ({ ...toModelUsage(row), key: optionalTextOf(row, "key") }));
}

/** The last turn of a session that called a model. */
export async function findLastUsedTurn(reader: Reader, session: SessionId): Promise<TurnId | undefined> {
  const row = await reader.get(
    `SELECT id FROM turns WHERE session_id = ? AND EXISTS (SELECT 1 FROM usage WHERE turn_id = turns.id)
     ORDER BY id DESC LIMIT 1`,
    session,
  );
  return row === undefined ? undefined : toTurnId(row["id"]);
}

const sums = `coalesce(sum(input_tokens), 0) AS input, coalesce(sum(output_tokens), 0) AS output,
  coalesce(sum(cache_read_tokens), 0) AS cache_read, coalesce(sum(cache_write_tokens), 0) AS cache_write`;

function toCondition({ turn, session, group, since }: UsageScope): {
  readonly condition: string;
  readonly values: readonly number[];
} {
  const wanted = [
    ["turns.id = ?", turn],
    ["turns.session_id = ?", session],
    ["turns.group_id = ?", group],
    ["usage.at >= ?", since],
  ] as const;
  const used = wanted.flatMap(([test, value]) => (value === undefined ? [] : [{ test, value }]));
  const where = used.length === 0 ? "" : `WHERE ${used.map(({ test }) => test).join(" AND ")}`;
  return {
    condition: `FROM usage JOIN turns ON turns.id = usage.turn_id ${where}`,
    values: used.map(({ value }) => value),
  };
}

function toModelUsage(row: Row): ModelUsage {
  return {
    provider: textOf(row, "provider"),
    model: textOf(row, "name"),
    calls: integerOf(row, "calls"),
    usage: toUsage(row),
  };
}

function toUsage(row: Row): Usage {
  return {
    inputTokens: integerOf(row, "input"),
    outputTokens: integerOf(row, "output"),
    cacheReadTokens: integerOf(row, "cache_read"),
    cacheWriteTokens: integerOf(row, "cache_write"),
  };
}

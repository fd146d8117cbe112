import { integerOf, optionalTextOf, textOf } from "./columns.ts";
import type { Reader, Row, Transaction } from "./database.ts";

/** One decision as it is stored. What the columns mean, and how they are chained, is the authority's matter. */
export interface AuditRow {
  readonly id: number;
  readonly at: number;
  readonly actorKind: string;
  readonly actorVia: string;
  readonly actorId: string;
  readonly actorGroup: string | undefined;
  readonly behalf: string | undefined;
  readonly objectGroup: string | undefined;
  readonly object: string;
  readonly action: string;
  readonly verdict: string;
  readonly rule: string;
  readonly reason: string | undefined;
  readonly taint: number;
  readonly previousHash: string;
  readonly hash: string;
}

export async function insertAuditRow(tx: Transaction, row: AuditRow): Promise<void> {
  await tx.run(
    `INSERT INTO audit (id, at, actor_kind, actor_via, actor_id, actor_group, behalf, object_group, object, action,
       verdict, rule, reason, taint, previous_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    row.id,
    row.at,
    row.actorKind,
    row.actorVia,
    row.actorId,
    row.actorGroup ?? null,
    row.behalf ?? null,
    row.objectGroup ?? null,
    row.object,
    row.action,
    row.verdict,
    row.rule,
    row.reason ?? null,
    row.taint,
    row.previousHash,
    row.hash,
  );
}

/** The last row there is. */
export async function findLastAuditRow(reader: Reader): Promise<AuditRow | undefined> {
  const row = await reader.get("SELECT * FROM audit ORDER BY id DESC LIMIT 1");
  return row === undefined ? undefined : toAuditRow(row);
}

export async function findAuditRow(reader: Reader, id: number): Promise<AuditRow | undefined> {
  const row = await reader.get("SELECT * FROM audit WHERE id = ?", id);
  return row === undefined ? undefined : toAuditRow(row);
}

/** The last id ever given out, also when its row is gone; 0 before the first. */
export async function readLastAuditId(reader: Reader): Promise<number> {
  const row = await reader.get("SELECT seq FROM sqlite_sequence WHERE name = 'audit'");
  return row === undefined ? 0 : integerOf(row, "seq");
}

/** In order, from the row after `id` on. */
export async function listAuditRows(reader: Reader, id: number, limit: number): Promise<AuditRow[]> {
  const rows = await reader.all("SELECT * FROM audit WHERE id > ? ORDER BY id LIMIT ?", id, limit);
  return rows.map(toAuditRow);
}

/** The connections to the outside of one group, in order: the last `limit` of them after the row `id`. */
export async function listEgressRows(
  reader: Reader,
  group: string,
  id: number,
  limit: number,
): Promise<AuditRow[]> {
  const rows = await reader.all(
    "SELECT * FROM audit WHERE action = 'egress.connect' AND object_group = ? AND id > ? ORDER BY id DESC LIMIT ?",
    group,
    id,
    limit,
  );
  return rows.map(toAuditRow).toReversed();
}

/** Of those behind the row `after`, from that time on and about that group if wished, the last `limit`, in order. */
export async function listAuditTail(
  reader: Reader,
  {
    group,
    since,
    after,
    limit,
  }: {
    readonly group: string | undefined;
    readonly since: number;
    readonly after: number;
    readonly limit: number;
  },
): Promise<AuditRow[]> {
  const rows = await reader.all(
    `SELECT * FROM audit WHERE id > ?1 AND at >= ?2 AND (?3 IS NULL OR object_group = ?3 OR actor_group = ?3)
     ORDER BY id DESC LIMIT ?4`,
    after,
    since,
    group ?? null,
    limit,
  );
  return rows.map(toAuditRow).toReversed();
}

function toAuditRow(row: Row): AuditRow {
  return {
    id: integerOf(row, "id"),
    at: integerOf(row, "at"),
    actorKind: textOf(row, "actor_kind"),
    actorVia: textOf(row, "actor_via"),
    actorId: textOf(row, "actor_id"),
    actorGroup: optionalTextOf(row, "actor_group"),
    behalf: optionalTextOf(row, "behalf"),
    objectGroup: optionalTextOf(row, "object_group"),
    object: textOf(row, "object"),
    action: textOf(row, "action"),
    verdict: textOf(row, "verdict"),
    rule: textOf(row, "rule"),
    reason: optionalTextOf(row, "reason"),
    taint: integerOf(row, "taint"),
    previousHash: textOf(row, "previous_hash"),
    hash: textOf(row, "hash"),
  };
}

/** What was decided about a group in that time, in order. */
export async function listDecisionsBetween(
  reader: Reader,
  group: string,
  from: Date,
  until: Date,
): Promise<AuditRow[]> {
  const rows = await reader.all(
    "SELECT * FROM audit WHERE object_group = ? AND at BETWEEN ? AND ? ORDER BY id",
    group,
    from.getTime(),
    until.getTime(),
  );
  return rows.map(toAuditRow);
}

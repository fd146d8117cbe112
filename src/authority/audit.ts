import {
  findLastAuditRow,
  insertAuditRow,
  listAuditRows,
  readLastAuditId,
  type AuditRow,
} from "../store/audit-rows.ts";
import type { Reader, Transaction } from "../store/database.ts";
import type { Action, ActionObject } from "./actions.ts";
import type { Actor } from "./actor.ts";
import { toAuditText } from "./audit-text.ts";
import type { Decision } from "./decision.ts";
import { toTaintBits, type Taint } from "./taint.ts";

export interface AuditRecord {
  readonly actor: Actor;
  readonly action: Action;
  readonly object: ActionObject;
  readonly taint: Taint;
  readonly decision: Decision;
  readonly now: number;
}

/** The end of the chain: what the owner was shown last, or is shown now. */
export interface AuditHead {
  readonly id: number;
  readonly hash: string;
}

export type AuditReport =
  | { readonly isIntact: true; readonly head: AuditHead }
  | { readonly isIntact: false; readonly brokenAt: number; readonly reason: string };

const emptyHead: AuditHead = { id: 0, hash: "0".repeat(64) };
const pageSize = 500;

/** Adds a row that is chained to the one before. It is part of `tx`: the decision stands when that is committed. */
export async function appendAudit(tx: Transaction, record: AuditRecord): Promise<AuditHead> {
  const { actor, action, object, taint, decision, now } = record;
  const last = (await findLastAuditRow(tx)) ?? emptyHead;
  const row = {
    // Not the id after the last row: where rows were cut off, the gap stays.
    id: (await readLastAuditId(tx)) + 1,
    at: now,
    actorKind: toAuditText(actor.kind),
    actorVia: toAuditText(actor.via),
    actorId: toAuditText(actor.id),
    actorGroup: toOptionalText(actor.group),
    behalf: toOptionalText(actor.behalf),
    objectGroup: toOptionalText(object.group),
    object: toAuditText(object.name),
    action: toAuditText(action),
    verdict: decision.verdict,
    rule: decision.rule,
    reason: decision.verdict === "allow" ? undefined : decision.reason,
    taint: toTaintBits(taint),
    previousHash: last.hash,
  };
  const hash = toHash(row);
  await insertAuditRow(tx, { ...row, hash });
  return { id: row.id, hash };
}

/**
 * Walks the whole chain. Finds a changed, missing or moved row, and with `shown` also a log that was rewritten as a
 * whole since then. It can't prove anything against someone who rewrites all of it before it was ever shown.
 */
export async function verifyAudit(reader: Reader, shown?: AuditHead): Promise<AuditReport> {
  const lastId = await readLastAuditId(reader);
  let head = emptyHead;
  while (head.id < lastId) {
    const rows = await listAuditRows(reader, head.id, pageSize);
    if (rows.length === 0) return broken(head.id + 1, "It is missing.");
    for (const row of rows) {
      const reason = findFault(row, head, shown);
      if (reason !== undefined) return broken(head.id + 1, reason);
      head = { id: row.id, hash: row.hash };
    }
  }
  if (shown !== undefined && shown.id > head.id) return broken(head.id + 1, "It was there when last shown.");
  return { isIntact: true, head };
}

/** The last row. */
export async function readAuditHead(reader: Reader): Promise<AuditHead | undefined> {
  const row = await findLastAuditRow(reader);
  return row === undefined ? undefined : { id: row.id, hash: row.hash };
}

function findFault(row: AuditRow, previous: AuditHead, shown: AuditHead | undefined): string | undefined {
  if (row.id !== previous.id + 1) return "It is missing.";
  if (row.previousHash !== previous.hash) return "It does not follow from the row before.";
  if (row.hash !== toHash(row)) return "It was changed.";
  if (shown?.id === row.id && shown.hash !== row.hash) return "It is not what was last shown.";
  return undefined;
}

/** Over a JSON list in fixed order: one text for one row, and no two rows share one. */
function toHash(row: Omit<AuditRow, "hash">): string {
  const fields = [
    row.previousHash,
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
  ];
  return new Bun.CryptoHasher("sha256").update(JSON.stringify(fields)).digest("hex");
}

function toOptionalText(text: string | undefined): string | undefined {
  return text === undefined ? undefined : toAuditText(text);
}

function broken(brokenAt: number, reason: string): AuditReport {
  return { isIntact: false, brokenAt, reason };
}

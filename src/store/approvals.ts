import { dateOf, integerOf, optionalDateOf, optionalTextOf, textOf, wordOf } from "./columns.ts";
import type { Reader, Row, Transaction } from "./database.ts";
import {
  toApprovalId,
  toGroupId,
  toSessionId,
  toTurnId,
  type ApprovalId,
  type ChatId,
  type GroupId,
  type MessageId,
  type SessionId,
  type TurnId,
} from "./ids.ts";

const kinds = ["call", "host", "connection"] as const;
const states = ["pending", "allowed", "denied", "expired", "running", "done"] as const;
const answers = ["once", "always", "no"] as const;

export type ApprovalAnswer = (typeof answers)[number];

/** What is stored of a request; `actor`, `chats`, `arguments` and `bound` are JSON, and mean what whoever asked says. */
export interface NewApproval {
  readonly group: GroupId;
  readonly session: SessionId;
  readonly turn: TurnId | undefined;
  readonly kind: (typeof kinds)[number];
  readonly actor: string;
  readonly chats: string;
  readonly action: string;
  readonly objectGroup: string;
  readonly title: string;
  readonly tool: string;
  readonly arguments: string;
  readonly outgoing: Uint8Array | undefined;
  readonly bound: string | undefined;
  /** What a change of instructions takes away and adds, line by line. */
  readonly diff?: string | undefined;
  readonly hash: string;
  readonly rule: string;
  readonly reason: string;
  readonly words: string;
  readonly taint: number;
  readonly now: number;
  readonly expiresAt: number;
}

export interface Approval extends Omit<NewApproval, "now" | "expiresAt"> {
  readonly id: ApprovalId;
  readonly state: (typeof states)[number];
  readonly code: string | undefined;
  readonly answer: ApprovalAnswer | undefined;
  readonly decidedBy: string | undefined;
  readonly decidedAt: Date | undefined;
  readonly carriedBy: TurnId | undefined;
  readonly usedAt: Date | undefined;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export async function addApproval(tx: Transaction, asked: NewApproval): Promise<Approval> {
  const row = await tx.get(
    `INSERT INTO approvals (group_id, session_id, turn_id, kind, actor, chats, action, object_group, title, tool,
       arguments, outgoing, bound, diff, hash, rule, reason, words, taint, created_at, expires_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *`,
    asked.group,
    asked.session,
    asked.turn ?? null,
    asked.kind,
    asked.actor,
    asked.chats,
    asked.action,
    asked.objectGroup,
    asked.title,
    asked.tool,
    asked.arguments,
    asked.outgoing ?? null,
    asked.bound ?? null,
    asked.diff ?? null,
    asked.hash,
    asked.rule,
    asked.reason,
    asked.words,
    asked.taint,
    asked.now,
    asked.expiresAt,
  );
  return toApproval(row ?? {});
}

export async function findApproval(reader: Reader, id: ApprovalId): Promise<Approval | undefined> {
  const row = await reader.get("SELECT * FROM approvals WHERE id = ?", id);
  return row === undefined ? undefined : toApproval(row);
}

/** Of one group or of all; in the order they were asked for. */
export async function listPending(
  reader: Reader,
  now: number,
  group: GroupId | undefined,
): Promise<Approval[]> {
  const rows = await reader.all(
    `SELECT * FROM approvals WHERE state = 'pending' AND expires_at > ? AND (?2 IS NULL OR group_id = ?2) ORDER BY id`,
    now,
    group ?? null,
  );
  return rows.map(toApproval);
}

/** What was asked for since, and how it came out, the newest first. */
export async function listAskedSince(reader: Reader, group: GroupId, since: number): Promise<Approval[]> {
  const rows = await reader.all(
    "SELECT * FROM approvals WHERE group_id = ? AND created_at >= ? ORDER BY id DESC",
    group,
    since,
  );
  return rows.map(toApproval);
}

/** What an answer has come to, or none, and of which the conversation's model has not been told. */
export async function listUntold(reader: Reader, session: SessionId, now: number): Promise<Approval[]> {
  const rows = await reader.all(
    `SELECT * FROM approvals INDEXED BY approvals_untold WHERE session_id = ? AND state <> 'done'
       AND (state <> 'pending' OR expires_at <= ?) ORDER BY id`,
    session,
    now,
  );
  return rows.map(toApproval);
}

/** What was allowed in a group and nobody has carried out, or begun to. */
export async function listAllowed(reader: Reader, group: GroupId): Promise<Approval[]> {
  const rows = await reader.all(
    `SELECT * FROM approvals INDEXED BY approvals_allowed WHERE group_id = ?
       AND state IN ('allowed', 'running') ORDER BY id`,
    group,
  );
  return rows.map(toApproval);
}

/** Groups in which something was allowed that nobody has carried out, or begun to. */
export async function listGroupsToCarryOut(reader: Reader): Promise<GroupId[]> {
  const rows = await reader.all(
    "SELECT DISTINCT group_id FROM approvals WHERE state IN ('allowed', 'running')",
  );
  return rows.map((row) => toGroupId(row["group_id"]));
}

/** Only what waits can be decided, and once: false when it waits no more. */
export async function writeAnswer(
  tx: Transaction,
  id: ApprovalId,
  { answer, by, now }: { readonly answer: ApprovalAnswer; readonly by: string; readonly now: number },
): Promise<boolean> {
  const { changes } = await tx.run(
    `UPDATE approvals SET state = ?1, answer = ?2, decided_by = ?3, decided_at = ?4, code = NULL,
       outgoing = iif(?1 = 'denied', NULL, outgoing)
     WHERE id = ?5 AND state = 'pending' AND expires_at > ?6`,
    answer === "no" ? "denied" : "allowed",
    answer,
    by,
    now,
    id,
    now,
  );
  return changes === 1;
}

/** Whoever answered hears what comes of it, where no chat was promised that. */
export async function promiseChat(
  tx: Transaction,
  id: ApprovalId,
  chat: ChatId,
  message: MessageId,
): Promise<void> {
  const chats = JSON.stringify([[chat, message]]);
  await tx.run("UPDATE approvals SET chats = ? WHERE id = ? AND chats = '[]'", chats, id);
}

export async function setCode(tx: Transaction, id: ApprovalId, code: string): Promise<void> {
  await tx.run("UPDATE approvals SET code = ? WHERE id = ? AND state = 'pending'", code, id);
}

export async function expireApproval(tx: Transaction, id: ApprovalId): Promise<void> {
  await tx.run(
    "UPDATE approvals SET state = 'expired', outgoing = NULL WHERE id = ? AND state IN ('pending', 'allowed')",
    id,
  );
}

/** A turn takes it. False: another has. */
export async function startCarrying(tx: Transaction, id: ApprovalId, turn: TurnId): Promise<boolean> {
  const { changes } = await tx.run(
    "UPDATE approvals SET state = 'running', carried_by = ? WHERE id = ? AND state = 'allowed'",
    turn,
    id,
  );
  return changes === 1;
}

/** Its turn ended before its call began: it waits for another. */
export async function releaseCarried(tx: Transaction, id: ApprovalId): Promise<void> {
  await tx.run(
    "UPDATE approvals SET state = 'allowed', carried_by = NULL WHERE id = ? AND state = 'running' AND used_at IS NULL",
    id,
  );
}

/** The end of a turn: a yes for the length of a turn is over, and what it did not come to waits for another. */
export async function endCarried(tx: Transaction, group: GroupId, turn: TurnId): Promise<void> {
  for (const { id, kind, usedAt } of await listCarried(tx, group, turn)) {
    if (kind !== "call") await finishApproval(tx, id);
    else if (usedAt === undefined) await releaseCarried(tx, id);
  }
}

/** The model has been told. A yes for the length of a turn holds until that is over. */
export async function endTold(tx: Transaction, id: ApprovalId): Promise<void> {
  const approval = await findApproval(tx, id);
  if (approval?.kind === "connection" && approval.state === "running") return;
  await finishApproval(tx, id);
}

/** Nobody carries it out any more. */
export async function dropAllowed(tx: Transaction, group: GroupId): Promise<number> {
  const { changes } = await tx.run(
    `UPDATE approvals INDEXED BY approvals_allowed SET state = 'expired'
     WHERE group_id = ? AND state IN ('allowed', 'running') AND state = 'allowed'`,
    group,
  );
  return changes;
}

/** The yes is spent: false when it was before, or is another turn's. */
export async function useApproval(
  tx: Transaction,
  id: ApprovalId,
  turn: TurnId,
  now: number,
): Promise<boolean> {
  const { changes } = await tx.run(
    "UPDATE approvals SET used_at = ? WHERE id = ? AND state = 'running' AND carried_by = ? AND used_at IS NULL",
    now,
    id,
    turn,
  );
  return changes === 1;
}

/** What a turn carries out just now. */
export async function listCarried(reader: Reader, group: GroupId, turn: TurnId): Promise<Approval[]> {
  const rows = await reader.all(
    `SELECT * FROM approvals INDEXED BY approvals_allowed WHERE group_id = ?
       AND state IN ('allowed', 'running') AND state = 'running' AND carried_by = ? ORDER BY id`,
    group,
    turn,
  );
  return rows.map(toApproval);
}

/** The model has been told, or never will be. What went out with it is no longer needed. */
export async function finishApproval(tx: Transaction, id: ApprovalId): Promise<void> {
  await tx.run("UPDATE approvals SET state = 'done', outgoing = NULL WHERE id = ?", id);
}

function toApproval(row: Row): Approval {
  const { outgoing, answer } = row;
  return {
    id: toApprovalId(row["id"]),
    group: toGroupId(row["group_id"]),
    session: toSessionId(row["session_id"]),
    turn: row["turn_id"] === null ? undefined : toTurnId(row["turn_id"]),
    kind: wordOf(row, "kind", kinds),
    state: wordOf(row, "state", states),
    actor: textOf(row, "actor"),
    chats: textOf(row, "chats"),
    action: textOf(row, "action"),
    objectGroup: textOf(row, "object_group"),
    title: textOf(row, "title"),
    tool: textOf(row, "tool"),
    arguments: textOf(row, "arguments"),
    outgoing: outgoing instanceof Uint8Array ? outgoing : undefined,
    bound: optionalTextOf(row, "bound"),
    diff: optionalTextOf(row, "diff"),
    hash: textOf(row, "hash"),
    rule: textOf(row, "rule"),
    reason: textOf(row, "reason"),
    words: textOf(row, "words"),
    taint: integerOf(row, "taint"),
    code: optionalTextOf(row, "code"),
    answer: answer === null ? undefined : wordOf(row, "answer", answers),
    decidedBy: optionalTextOf(row, "decided_by"),
    decidedAt: optionalDateOf(row, "decided_at"),
    carriedBy: row["carried_by"] === null ? undefined : toTurnId(row["carried_by"]),
    usedAt: optionalDateOf(row, "used_at"),
    createdAt: dateOf(row, "created_at"),
    expiresAt: dateOf(row, "expires_at"),
  };
}

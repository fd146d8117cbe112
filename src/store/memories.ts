import { dateOf, integerOf, optionalDateOf, textOf } from "./columns.ts";
import type { Reader, Row, Transaction } from "./database.ts";
import { toMemoryId, toTurnId, type GroupId, type MemoryId, type TurnId } from "./ids.ts";

export interface Memory {
  readonly id: MemoryId;
  readonly text: string;
  readonly isAlways: boolean;
  /** None: by the owner's own command. */
  readonly turn: TurnId | undefined;
  /** As bits: what had been seen when it was said. */
  readonly taint: number;
  readonly createdAt: Date;
  readonly reviewedAt: Date | undefined;
}

export interface NewMemory {
  readonly group: GroupId;
  readonly text: string;
  readonly isAlways: boolean;
  readonly turn: TurnId | undefined;
  readonly taint: number;
  readonly now: number;
}

export async function addMemory(tx: Transaction, memory: NewMemory): Promise<MemoryId> {
  const { lastId } = await tx.run(
    "INSERT INTO memories (group_id, text, is_always, turn_id, taint, created_at) VALUES (?, ?, ?, ?, ?, ?)",
    memory.group,
    memory.text,
    memory.isAlways ? 1 : 0,
    memory.turn ?? null,
    memory.taint,
    memory.now,
  );
  return toMemoryId(lastId);
}

/** In the order they were made. */
export async function listMemories(reader: Reader, group: GroupId): Promise<Memory[]> {
  return (await reader.all("SELECT * FROM memories WHERE group_id = ? ORDER BY id", group)).map(toMemory);
}

/** What stands in the group's prompts: of strangers' words only what the owner stands for. */
export async function listAlways(reader: Reader, group: GroupId): Promise<Memory[]> {
  const rows = await reader.all(
    `SELECT * FROM memories WHERE group_id = ? AND is_always = 1 AND (taint & 1 = 0 OR reviewed_at IS NOT NULL)
     ORDER BY id`,
    group,
  );
  return rows.map(toMemory);
}

export async function findMemory(reader: Reader, group: GroupId, id: MemoryId): Promise<Memory | undefined> {
  const row = await reader.get("SELECT * FROM memories WHERE group_id = ? AND id = ?", group, id);
  return row === undefined ? undefined : toMemory(row);
}

/** Its bytes are written over. False: the group has none of that number. */
export async function removeMemory(tx: Transaction, group: GroupId, id: MemoryId): Promise<boolean> {
  const { changes } = await tx.run("DELETE FROM memories WHERE group_id = ? AND id = ?", group, id);
  return changes === 1;
}

export async function reviewMemory(
  tx: Transaction,
  group: GroupId,
  id: MemoryId,
  now: number,
): Promise<boolean> {
  const { changes } = await tx.run(
    "UPDATE memories SET reviewed_at = ? WHERE group_id = ? AND id = ?",
    now,
    group,
    id,
  );
  return changes === 1;
}

/** In the owner's own words: he stands for them. False: the group has none of that number. */
export async function rewriteMemory(
  tx: Transaction,
  group: GroupId,
  id: MemoryId,
  { text, now }: { readonly text: string; readonly now: number },
): Promise<boolean> {
  const { changes } = await tx.run(
    "UPDATE memories SET text = ?, reviewed_at = ? WHERE group_id = ? AND id = ?",
    text,
    now,
    group,
    id,
  );
  return changes === 1;
}

function toMemory(row: Row): Memory {
  return {
    id: toMemoryId(row["id"]),
    text: textOf(row, "text"),
    isAlways: row["is_always"] === 1,
    turn: row["turn_id"] === null ? undefined : toTurnId(row["turn_id"]),
    taint: integerOf(row, "taint"),
    createdAt: dateOf(row, "created_at"),
    reviewedAt: optionalDateOf(row, "reviewed_at"),
  };
}

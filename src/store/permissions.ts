import { dateOf, integerOf, textOf } from "./columns.ts";
import type { Reader, Row, Transaction } from "./database.ts";
import type { GroupId } from "./ids.ts";

/** What the owner allowed a group for good: an action with exactly these arguments (`bound`, canonical JSON). */
export interface PermissionKey {
  readonly group: GroupId;
  readonly action: string;
  readonly objectGroup: string;
  /** The tool that is called; empty for a connection. */
  readonly tool: string;
  readonly bound: string;
}

export interface Permission extends PermissionKey {
  readonly id: number;
  readonly createdAt: Date;
}

export async function addPermission(tx: Transaction, key: PermissionKey, now: number): Promise<void> {
  await tx.run(
    `INSERT INTO permissions (group_id, action, object_group, tool, bound, created_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
    key.group,
    key.action,
    key.objectGroup,
    key.tool,
    key.bound,
    now,
  );
}

/** Compared as a whole: no part of an argument, and no pattern, ever matches. */
export async function findPermission(reader: Reader, key: PermissionKey): Promise<number | undefined> {
  const row = await reader.get(
    `SELECT id FROM permissions WHERE group_id = ? AND action = ? AND object_group = ? AND tool = ? AND bound = ?`,
    key.group,
    key.action,
    key.objectGroup,
    key.tool,
    key.bound,
  );
  return row === undefined ? undefined : integerOf(row, "id");
}

export async function listPermissions(
  reader: Reader,
  group: GroupId,
): Promise<readonly Omit<Permission, "group">[]> {
  const rows = await reader.all("SELECT * FROM permissions WHERE group_id = ? ORDER BY id", group);
  return rows.map(toPermission);
}

/** Whether there was one. */
export async function removePermission(tx: Transaction, group: GroupId, id: number): Promise<boolean> {
  const { changes } = await tx.run("DELETE FROM permissions WHERE group_id = ? AND id = ?", group, id);
  return changes > 0;
}

function toPermission(row: Row): Omit<Permission, "group"> {
  return {
    id: integerOf(row, "id"),
    action: textOf(row, "action"),
    objectGroup: textOf(row, "object_group"),
    tool: textOf(row, "tool"),
    bound: textOf(row, "bound"),
    createdAt: dateOf(row, "created_at"),
  };
}

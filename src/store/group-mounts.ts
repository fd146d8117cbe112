import { AppError } from "../errors.ts";
import { mountWords } from "../words/english/mount.ts";
import { dateOf, integerOf, textOf } from "./columns.ts";
import type { Reader, Row, Transaction } from "./database.ts";
import type { Group } from "./groups.ts";
import type { GroupId } from "./ids.ts";

/** A folder of the owner that a group has for good, as far as his list allows it at the time. */
export interface GroupMount {
  readonly name: string;
  /** Without links when it was added. */
  readonly path: string;
  /** As it was wished for. */
  readonly canWrite: boolean;
  readonly addedAt: Date;
}

export async function listGroupMounts(reader: Reader, group: GroupId): Promise<GroupMount[]> {
  return (await reader.all("SELECT * FROM group_mounts WHERE group_id = ? ORDER BY name", group)).map(
    toMount,
  );
}

/** Throws `AppError("conflict")` for a name that is taken. */
export async function addGroupMount(
  tx: Transaction,
  group: Group,
  { name, path, canWrite }: Omit<GroupMount, "addedAt">,
  now: number,
): Promise<void> {
  const { changes } = await tx.run(
    "INSERT INTO group_mounts (group_id, name, path, can_write, added_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    group.id,
    name,
    path,
    canWrite ? 1 : 0,
    now,
  );
  if (changes === 0) throw new AppError("conflict", mountWords.taken({ name, group: group.name }));
}

/** Throws `AppError("not-found")` naming those that there are. */
export async function removeGroupMount(tx: Transaction, group: Group, name: string): Promise<void> {
  const { changes } = await tx.run(
    "DELETE FROM group_mounts WHERE group_id = ? AND name = ?",
    group.id,
    name,
  );
  if (changes > 0) return;
  const known = (await listGroupMounts(tx, group.id)).map((mount) => mount.name);
  throw new AppError("not-found", mountWords.unknown({ name, group: group.name, known }));
}

function toMount(row: Row): GroupMount {
  return {
    name: textOf(row, "name"),
    path: textOf(row, "path"),
    canWrite: integerOf(row, "can_write") === 1,
    addedAt: dateOf(row, "added_at"),
  };
}

import { integerOf, textOf } from "./columns.ts";
import type { Transaction } from "./database.ts";
import type { Holder, IsAlive } from "./holder.ts";
import type { GroupId } from "./ids.ts";

export type Lending =
  | { readonly type: "lent"; readonly id: number }
  /** Another group writes there, or in a folder around it or inside it. */
  | { readonly type: "taken"; readonly group: string; readonly pid: number };

export interface LendOptions {
  readonly holder: Holder;
  readonly isAlive: IsAlive;
  readonly now: number;
}

/** One group at a time writes to a folder, in however many of its conversations. What a dead process had is free. */
export async function lendFolder(
  tx: Transaction,
  { group, path }: { readonly group: GroupId; readonly path: string },
  { holder, isAlive, now }: LendOptions,
): Promise<Lending> {
  const rows = await tx.all(
    `SELECT lent_folders.*, groups.name AS group_name FROM lent_folders JOIN groups ON groups.id = group_id
     ORDER BY lent_folders.id`,
  );
  for (const row of rows) {
    const pid = integerOf(row, "pid");
    const other = { pid, pidStart: textOf(row, "pid_start"), bootId: textOf(row, "boot_id") };
    if (!isAlive(other)) await giveFolderBack(tx, integerOf(row, "id"));
    else if (row["group_id"] !== group && overlaps(textOf(row, "path"), path)) {
      return { type: "taken", group: textOf(row, "group_name"), pid };
    }
  }
  const row = await tx.get(
    `INSERT INTO lent_folders (path, group_id, pid, pid_start, boot_id, lent_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING id`,
    path,
    group,
    holder.pid,
    holder.pidStart,
    holder.bootId,
    now,
  );
  return { type: "lent", id: integerOf(row ?? {}, "id") };
}

export async function giveFolderBack(tx: Transaction, id: number): Promise<void> {
  await tx.run("DELETE FROM lent_folders WHERE id = ?", id);
}

function overlaps(one: string, other: string): boolean {
  return `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`);
}

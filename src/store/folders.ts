import { dateOf, textOf, wordOf } from "./columns.ts";
import type { Reader, Row, Transaction } from "./database.ts";
import type { GroupId } from "./ids.ts";

const accesses = ["none", "read", "write"] as const;

export type FolderAccess = (typeof accesses)[number];

/** What the person said when asked about a folder of theirs, for one group. */
export interface SharedFolder {
  readonly path: string;
  readonly access: FolderAccess;
  readonly decidedAt: Date;
}

/** Undefined: not asked yet. `path` is compared as it is; resolve links before. */
export async function findSharedFolder(
  reader: Reader,
  group: GroupId,
  path: string,
): Promise<SharedFolder | undefined> {
  const row = await reader.get("SELECT * FROM shared_folders WHERE group_id = ? AND path = ?", group, path);
  return row === undefined ? undefined : toSharedFolder(row);
}

export async function listSharedFolders(reader: Reader, group: GroupId): Promise<SharedFolder[]> {
  const rows = await reader.all("SELECT * FROM shared_folders WHERE group_id = ? ORDER BY path", group);
  return rows.map(toSharedFolder);
}

/** The last answer counts. */
export async function rememberSharedFolder(
  tx: Transaction,
  group: GroupId,
  folder: { readonly path: string; readonly access: FolderAccess; readonly now: number },
): Promise<void> {
  await tx.run(
    `INSERT INTO shared_folders (group_id, path, access, decided_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (group_id, path) DO UPDATE SET access = excluded.access, decided_at = excluded.decided_at`,
    group,
    folder.path,
    folder.access,
    folder.now,
  );
}

function toSharedFolder(row: Row): SharedFolder {
  return {
    path: textOf(row, "path"),
    access: wordOf(row, "access", accesses),
    decidedAt: dateOf(row, "decided_at"),
  };
}

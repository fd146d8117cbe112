import { textOf } from "./columns.ts";
import type { Reader, Transaction } from "./database.ts";
import { toGroupId, type GroupId } from "./ids.ts";

/** Paths below `NANOCLAW_HOME`. */
export interface FolderMove {
  readonly group: GroupId;
  readonly source: string;
  readonly destination: string;
}

/** In the transaction with which the group's folder becomes another's or nobody's. */
export async function addFolderMove(tx: Transaction, move: FolderMove): Promise<void> {
  await tx.run(
    "INSERT INTO folder_moves (group_id, source, destination) VALUES (?, ?, ?)",
    move.group,
    move.source,
    move.destination,
  );
}

/** The folder is where it belongs. */
export async function endFolderMove(tx: Transaction, group: GroupId): Promise<void> {
  await tx.run("DELETE FROM folder_moves WHERE group_id = ?", group);
}

export async function listFolderMoves(reader: Reader): Promise<FolderMove[]> {
  const rows = await reader.all("SELECT * FROM folder_moves ORDER BY group_id");
  return rows.map((row) => ({
    group: toGroupId(row["group_id"]),
    source: textOf(row, "source"),
    destination: textOf(row, "destination"),
  }));
}

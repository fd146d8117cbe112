import { integerOf, textOf } from "./columns.ts";
import type { Reader, Row, Transaction } from "./database.ts";
import type { Holder, IsAlive } from "./holder.ts";

/** The process that serves this folder, if it lives. */
export async function findGateway(reader: Reader, isAlive: IsAlive): Promise<Holder | undefined> {
  const row = await reader.get("SELECT * FROM gateway");
  if (row === undefined) return undefined;
  const holder = toHolder(row);
  return isAlive(holder) ? holder : undefined;
}

/** Makes `holder` the one gateway of the folder. Returns the living one that is in its place; a dead one is replaced. */
export async function takeGateway(
  tx: Transaction,
  holder: Holder,
  { now, isAlive }: { readonly now: number; readonly isAlive: IsAlive },
): Promise<Holder | undefined> {
  const other = await findGateway(tx, isAlive);
  if (other !== undefined) return other;
  await tx.run(
    "INSERT OR REPLACE INTO gateway (id, pid, pid_start, boot_id, started_at) VALUES (1, ?, ?, ?, ?)",
    holder.pid,
    holder.pidStart,
    holder.bootId,
    now,
  );
  return undefined;
}

export async function leaveGateway(tx: Transaction, { pid, pidStart }: Holder): Promise<void> {
  await tx.run("DELETE FROM gateway WHERE pid = ? AND pid_start = ?", pid, pidStart);
}

function toHolder(row: Row): Holder {
  return {
    pid: integerOf(row, "pid"),
    pidStart: textOf(row, "pid_start"),
    bootId: textOf(row, "boot_id"),
  };
}

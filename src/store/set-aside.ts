import type { Transaction } from "./database.ts";

/**
 * What was still to be answered or sent when a database was copied, and may have been since: it is kept, with its reason, and
 * taken up again only when a person says so.
 */
export async function setOpenWorkAside(tx: Transaction, now: number): Promise<void> {
  await tx.run(
    "UPDATE messages SET state = 'dead', reason = ?, ended_at = ? WHERE state IN ('received', 'claimed')",
    reason,
    now,
  );
  await tx.run(
    "UPDATE replies SET state = 'failed', reason = ?, ended_at = ? WHERE state IN ('draft', 'pending', 'sending')",
    reason,
    now,
  );
  await tx.run(
    "UPDATE task_runs SET state = 'skipped', reason = ?, ended_at = ? WHERE state IN ('waiting', 'running')",
    reason,
    now,
  );
}

const reason = "a backup was restored in which this was open; it may have been done since";

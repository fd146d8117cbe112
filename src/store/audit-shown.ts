import { dateOf, integerOf, textOf } from "./columns.ts";
import type { Reader, Transaction } from "./database.ts";

/** The end of the audit log as the owner was last shown it. */
export interface ShownHead {
  readonly id: number;
  readonly hash: string;
  readonly at: Date;
}

export async function findShownHead(reader: Reader): Promise<ShownHead | undefined> {
  const row = await reader.get("SELECT * FROM audit_shown WHERE id = 1");
  return row === undefined
    ? undefined
    : { id: integerOf(row, "audit_id"), hash: textOf(row, "hash"), at: dateOf(row, "at") };
}

/** He has it before his eyes: from now on the log must go on from there. */
export async function noteShownHead(
  tx: Transaction,
  { id, hash }: Pick<ShownHead, "id" | "hash">,
  now: number,
): Promise<void> {
  await tx.run(
    `INSERT INTO audit_shown (id, audit_id, hash, at) VALUES (1, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET audit_id = excluded.audit_id, hash = excluded.hash, at = excluded.at`,
    id,
    hash,
    now,
  );
}

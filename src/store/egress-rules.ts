import { integerOf, textOf } from "./columns.ts";
import type { Reader, Transaction } from "./database.ts";
import type { GroupId } from "./ids.ts";

/** As it is stored; what it means is the business of who connects. */
export interface StoredEgressRule {
  readonly host: string;
  readonly port: number | undefined;
  /** JSON. */
  readonly readOnly: string;
}

export async function listEgressRules(reader: Reader, group: GroupId): Promise<StoredEgressRule[]> {
  const rows = await reader.all("SELECT * FROM egress_rules WHERE group_id = ? ORDER BY host, port", group);
  return rows.map((row) => ({
    host: textOf(row, "host"),
    port: integerOf(row, "port") || undefined,
    readOnly: textOf(row, "read_only"),
  }));
}

/** The last word counts. */
export async function saveEgressRule(
  tx: Transaction,
  group: GroupId,
  { host, port, readOnly, now }: StoredEgressRule & { readonly now: number },
): Promise<void> {
  await tx.run(
    `INSERT INTO egress_rules (group_id, host, port, read_only, created_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (group_id, host, port) DO UPDATE SET read_only = excluded.read_only`,
    group,
    host,
    port ?? 0,
    readOnly,
    now,
  );
}

/** By `host` or `host:port`, whether or not that means anything. Whether there was one. */
export async function removeEgressRule(tx: Transaction, group: GroupId, name: string): Promise<boolean> {
  const { changes } = await tx.run(
    "DELETE FROM egress_rules WHERE group_id = ? AND iif(port = 0, host, host || ':' || port) = ?",
    group,
    name,
  );
  return changes > 0;
}

import { integerOf, textOf, wordOf } from "./columns.ts";
import type { Reader, Row, Transaction } from "./database.ts";
import { toGroupId, type GroupId, type PersonId } from "./ids.ts";

const kinds = ["owner", "member"] as const;

/** What whoever sends a code becomes. */
export type PairingGrant =
  | { readonly makes: "owner" }
  | { readonly makes: "member"; readonly group: GroupId };

export interface LivePairingCode {
  readonly id: number;
  readonly hash: string;
  readonly grant: PairingGrant;
}

export async function addPairingCode(
  tx: Transaction,
  code: {
    readonly hash: string;
    readonly grant: PairingGrant;
    readonly now: number;
    readonly expiresAt: number;
  },
): Promise<void> {
  const { hash, grant, now, expiresAt } = code;
  await tx.run(
    "INSERT INTO pairing_codes (hash, makes, group_id, created_at, expires_at) VALUES (?, ?, ?, ?, ?)",
    hash,
    grant.makes,
    grant.makes === "member" ? grant.group : null,
    now,
    expiresAt,
  );
}

/** Those that still count; most of the time there are none. A code of the future is one of a clock that was put back. */
export async function listLivePairingCodes(reader: Reader, now: number): Promise<readonly LivePairingCode[]> {
  const rows = await reader.all(
    `SELECT * FROM pairing_codes INDEXED BY pairing_codes_live
     WHERE ended_at IS NULL AND expires_at > ? AND created_at <= ? ORDER BY id`,
    now,
    now,
  );
  return rows.map((row) => ({ id: integerOf(row, "id"), hash: textOf(row, "hash"), grant: toGrant(row) }));
}

/** False: it has ended before, and counts no second time. */
export async function endPairingCode(
  tx: Transaction,
  id: number,
  end: { readonly outcome: "used" | "void"; readonly person: PersonId; readonly now: number },
): Promise<boolean> {
  const { changes } = await tx.run(
    "UPDATE pairing_codes SET ended_at = ?, outcome = ?, person_id = ? WHERE id = ? AND ended_at IS NULL",
    end.now,
    end.outcome,
    end.person,
    id,
  );
  return changes === 1;
}

function toGrant(row: Row): PairingGrant {
  return wordOf(row, "makes", kinds) === "owner"
    ? { makes: "owner" }
    : { makes: "member", group: toGroupId(row["group_id"]) };
}

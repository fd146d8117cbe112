import type { Transaction } from "../store/database.ts";
import { addPairingCode, type PairingGrant } from "../store/pairing-codes.ts";
import { createPairingText, hashPairingCode } from "./pairing-code.ts";

export interface PairingCode {
  /** To be shown to the owner now: it is kept nowhere. */
  readonly code: string;
  readonly expiresAt: Date;
}

const lifeMs = 15 * 60_000;

/**
 * A code that makes whoever first sends it, alone, in a private chat of a channel that proves its senders, the owner or a
 * member of a group. The caller has asked `authorize()` for `people.pair`.
 */
export async function createPairingCode(
  tx: Transaction,
  { grant, now }: { readonly grant: PairingGrant; readonly now: number },
): Promise<PairingCode> {
  const code = createPairingText();
  const expiresAt = now + lifeMs;
  await addPairingCode(tx, { hash: hashPairingCode(code.replace("-", "")), grant, now, expiresAt });
  return { code, expiresAt: new Date(expiresAt) };
}

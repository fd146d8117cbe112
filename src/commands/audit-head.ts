import { readAuditHead, type AuditHead } from "../authority/audit.ts";
import { systemClock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { noteShownHead } from "../store/audit-shown.ts";
import type { Store } from "../store/store.ts";
import { auditWords } from "../words/english/audit.ts";

/** As a person wrote it down: the number of a row, and how its hash begins. */
export interface PartialHead {
  readonly id: number;
  readonly hash: string;
}

/** The end of the log, which the owner has before his eyes from now on. Undefined: there is none yet. */
export async function showAuditHead(store: Store): Promise<string | undefined> {
  const head = await readAuditHead(store.database);
  if (head === undefined) return undefined;
  await store.database.transaction((tx) => noteShownHead(tx, head, systemClock.now()));
  return formatHead(head);
}

export function formatHead({ id, hash }: AuditHead): string {
  return `${id}:${hash.slice(0, 16)}`;
}

/** Throws `AppError("usage")`. */
export function parseHead(text: string | undefined): PartialHead | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d{1,15}):([0-9a-f]{8,64})$/.exec(text.trim());
  if (match?.[1] === undefined || match[2] === undefined)
    throw new AppError("usage", auditWords.notAHead({ text }));
  return { id: Number(match[1]), hash: match[2] };
}

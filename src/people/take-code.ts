import type { ActionObject } from "../authority/actions.ts";
import { createChatActor, type PersonKind } from "../authority/actor.ts";
import type { decideIn } from "../authority/authority.ts";
import { clean } from "../authority/taint.ts";
import type { IncomingMessage } from "../channels/channel.ts";
import type { Transaction } from "../store/database.ts";
import {
  endPairingCode,
  listLivePairingCodes,
  type LivePairingCode,
  type PairingGrant,
} from "../store/pairing-codes.ts";
import { setWrongCodes, type Person } from "../store/people.ts";
import { hashPairingCode, hashPossibleCodes, parsePairingCode } from "./pairing-code.ts";

export interface CodeVisit {
  readonly incoming: IncomingMessage;
  readonly person: Person;
  readonly kind: PersonKind;
  readonly authenticatesSenders: boolean;
  readonly now: number;
  readonly decide: typeof decideIn;
  readonly limits: CodeLimits;
}

export interface CodeLimits {
  /** Then what the sender takes for codes is not looked at for a while. */
  readonly mostWrong: number;
  readonly ignoredMs: number;
}

export const codeLimits: CodeLimits = { mostWrong: 5, ignoredMs: 60 * 60_000 };

/** What a message has to do with codes. Of all but `none` the text must go no further: it holds one, or was meant to. */
export type TakenCode =
  | { readonly type: "none" }
  /** It counts, and has been used up: what it was made for is the caller's to do, in the same transaction. */
  | { readonly type: "live"; readonly grant: PairingGrant }
  /** It was posted where others read it, and counts for nobody any more. */
  | { readonly type: "void"; readonly reason: string }
  /** It stands among other words, or came as something else than a message. */
  | { readonly type: "not-alone" }
  /** The owner needs none. */
  | { readonly type: "needless" }
  | { readonly type: "wrong"; readonly isLast: boolean }
  | { readonly type: "ignored" };

/** Looks for a code in what came, and whether it counts: a live one that was sent as it must be. */
export async function takeCode(tx: Transaction, visit: CodeVisit): Promise<TakenCode> {
  const { incoming, person, kind, authenticatesSenders, now } = visit;
  const live = await listLivePairingCodes(tx, now);
  const held = findHeld(live, incoming);
  const isSafe = incoming.isPrivate && authenticatesSenders;
  if (held.length === 0 && (!isSafe || kind === "owner")) return { type: "none" };
  const typed = isPlain(incoming) ? parsePairingCode(incoming.text) : undefined;
  if (held.length === 0) {
    if (typed === undefined) return { type: "none" };
    const isTold = kind === "stranger" && typed.isDeliberate;
    // Where there is no code nobody can guess one, and a word of eight letters is a word.
    return isTold || live.length > 0 ? await countWrong(tx, visit, isTold) : { type: "none" };
  }
  const hash = typed === undefined ? "" : hashPairingCode(typed.code);
  const code = held.find((each) => each.hash === hash);
  if (isSafe) {
    if (kind === "owner") return { type: "needless" };
    if (isIgnored(person, visit)) return { type: "ignored" };
    if (code === undefined) return { type: "not-alone" };
  }
  const decision = await decideOn(tx, visit, { isLive: true, isPrivate: incoming.isPrivate });
  if (decision.verdict !== "allow" || code === undefined) {
    for (const { id } of held) await endPairingCode(tx, id, { outcome: "void", person: person.id, now });
    return { type: "void", reason: decision.verdict === "allow" ? "" : decision.reason };
  }
  if (!(await endPairingCode(tx, code.id, { outcome: "used", person: person.id, now }))) {
    throw new Error(`Code ${code.id} was live and is not`);
  }
  await setWrongCodes(tx, person.id, { count: 0, at: undefined });
  return { type: "live", grant: code.grant };
}

/** Neither a press, a sign nor a change of what was said before, and not by a program. */
function isPlain({ editOf, press, reactionTo, isFromBot }: IncomingMessage): boolean {
  return editOf === undefined && press === undefined && reactionTo === undefined && isFromBot !== true;
}

function findHeld(
  live: readonly LivePairingCode[],
  { text, quote, note, files }: IncomingMessage,
): readonly LivePairingCode[] {
  if (live.length === 0) return [];
  const names = files?.map(({ name }) => name ?? "") ?? [];
  const said = [text, quote?.text ?? "", note ?? "", ...names].map(hashPossibleCodes);
  return live.filter(({ hash }) => said.some((hashes) => hashes.has(hash)));
}

async function countWrong(tx: Transaction, visit: CodeVisit, isTold: boolean): Promise<TakenCode> {
  const { person, now, limits } = visit;
  if (isIgnored(person, visit)) return isTold ? { type: "ignored" } : { type: "none" };
  await decideOn(tx, visit, { isLive: false, isPrivate: true });
  const count = isRecent(person, visit) ? person.wrongCodes + 1 : 1;
  await setWrongCodes(tx, person.id, { count, at: now });
  return isTold ? { type: "wrong", isLast: count >= limits.mostWrong } : { type: "none" };
}

function isIgnored(person: Person, visit: CodeVisit): boolean {
  return person.wrongCodes >= visit.limits.mostWrong && isRecent(person, visit);
}

/** A time in the future is one before the clock was put back: it is none of long ago. */
function isRecent({ wrongAt }: Person, { now, limits }: CodeVisit): boolean {
  return wrongAt !== undefined && now - wrongAt < limits.ignoredMs;
}

function decideOn(
  tx: Transaction,
  { person, kind, authenticatesSenders, now, decide }: CodeVisit,
  pairing: NonNullable<ActionObject["pairing"]>,
): ReturnType<typeof decideIn> {
  const actor = createChatActor(kind, person, undefined, authenticatesSenders);
  const object = { name: `a code from person ${person.id}`, pairing };
  return decide(tx, { actor, action: "people.redeem", object, taint: clean }, now);
}

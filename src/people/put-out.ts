import { AppError } from "../errors.ts";
import { dropAllowedNames } from "../store/allowed-names.ts";
import { bindChat, listChatsOfPerson } from "../store/chats.ts";
import type { Transaction } from "../store/database.ts";
import { declineWaitingOf } from "../store/messages.ts";
import { countOwners, forgetRights, listGroupsOf, type Person } from "../store/people.ts";
import { peopleWords } from "../words/english/people.ts";
import { toCalled } from "./find-person.ts";

export interface PutOut {
  readonly wasOwner: boolean;
  /** In which he was a member. */
  readonly groups: readonly string[];
  /** Private chats of his that belong to no group any more. */
  readonly chats: number;
}

/**
 * Takes every right from somebody, and his private chats from their groups; what he wrote and no turn has begun is
 * declined. Throws `AppError("conflict")` for the last owner unless that is meant.
 */
export async function putOut(
  tx: Transaction,
  person: Person,
  { isSure, now }: { readonly isSure: boolean; readonly now: number },
): Promise<PutOut> {
  if (person.holdsToken) throw new AppError("conflict", peopleWords.tokenOwner());
  if (person.isOwner && !isSure && (await countOwners(tx)) === 1) {
    const facts = { number: person.id, name: toCalled(person) };
    throw new AppError("conflict", peopleWords.lastOwner(facts));
  }
  const groups = await listGroupsOf(tx, person.id);
  await forgetRights(tx, person.id);
  await dropAllowedNames(tx, person.id);
  await declineWaitingOf(tx, person.id, { reason: "the sender has no right to write any more", now });
  const bound = (await listChatsOfPerson(tx, person.id)).filter(({ group }) => group !== undefined);
  for (const chat of bound) await bindChat(tx, chat.id, undefined);
  return { wasOwner: person.isOwner, groups, chats: bound.length };
}

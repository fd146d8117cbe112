import { AppError } from "../errors.ts";
import { bindChat, listChatsOfPerson, type Chat } from "../store/chats.ts";
import type { Transaction } from "../store/database.ts";
import { findGroupById, findGroupOfPerson, getGroup, mainGroup, type Group } from "../store/groups.ts";
import { addMember, type Person } from "../store/people.ts";
import { addWaitingReply } from "../store/replies.ts";
import { peopleWords } from "../words/english/people.ts";
import type { PeoplePhrases } from "../words/english/people-phrases.ts";
import { toCalled } from "./find-person.ts";
import { ensureOwnGroup } from "./own-group.ts";

export interface LetIn {
  readonly group: Group;
  /** Nobody else is in it. */
  readonly isOwn: boolean;
  /** Private chats of his that belong to the group from now on; he is told there. */
  readonly joined: readonly Chat[];
}

/**
 * Makes somebody a member of a group, or of one of his own, with his private chats that belong to no group yet. Throws
 * `AppError`. The caller has asked `authorize()` for `people.change`.
 */
export async function letIn(
  tx: Transaction,
  person: Person,
  {
    groupName,
    phrases,
    now,
  }: { readonly groupName: string | undefined; readonly phrases: PeoplePhrases; readonly now: number },
): Promise<LetIn> {
  if (person.isOwner || person.holdsToken)
    throw new AppError("conflict", peopleWords.ownerAlready({ name: toCalled(person) }));
  if (groupName === mainGroup) throw new AppError("denied", peopleWords.mainIsYours());
  const chats = await listChatsOfPerson(tx, person.id);
  const group =
    groupName === undefined ? await findHis(tx, person, chats, now) : await getGroup(tx, groupName);
  await addMember(tx, group.id, person.id, now);
  const joined = chats.filter((chat) => chat.group === undefined);
  const isOwn = (await findGroupOfPerson(tx, person.id))?.id === group.id;
  for (const chat of joined) {
    await bindChat(tx, chat.id, group.id);
    const text = phrases.allowed({ group: group.name, isShared: !isOwn });
    const key = `allowed${person.id}c${chat.id}at${now}`;
    await addWaitingReply(tx, { key, chat: chat.id, group: group.id, kind: "notice", text, now });
  }
  return { group, isOwn, joined };
}

/** That of his private chat, or one of his own. */
async function findHis(tx: Transaction, person: Person, chats: readonly Chat[], now: number): Promise<Group> {
  const [chat] = chats;
  if (chat === undefined) {
    const facts = { number: person.id, name: toCalled(person) };
    throw new AppError("not-found", peopleWords.noPrivateChat(facts));
  }
  const bound = chats.find(({ group }) => group !== undefined)?.group;
  const group = bound === undefined ? undefined : await findGroupById(tx, bound);
  return group === undefined || group.name === mainGroup ? await ensureOwnGroup(tx, person, now) : group;
}

import { createChatActor } from "../authority/actor.ts";
import type { decideIn } from "../authority/authority.ts";
import { clean } from "../authority/taint.ts";
import { AppError } from "../errors.ts";
import { bindChat, type Chat } from "../store/chats.ts";
import type { Transaction } from "../store/database.ts";
import { getGroup, getGroupById, mainGroup, type Group } from "../store/groups.ts";
import type { PairingGrant } from "../store/pairing-codes.ts";
import { addMember, setOwner, type Person } from "../store/people.ts";

export interface NewcomerVisit {
  readonly person: Person;
  /** The private one in which he sent the code. */
  readonly chat: Chat;
  readonly now: number;
  readonly decide: typeof decideIn;
}

/** Makes who sent a code what it was made for, and his chat one of the group's. */
export async function grantPairing(
  tx: Transaction,
  grant: PairingGrant,
  { person, chat, now, decide }: NewcomerVisit,
): Promise<Group> {
  if (grant.makes === "member") {
    const group = await getGroupById(tx, grant.group);
    await addMember(tx, group.id, person.id, now);
    await bindChat(tx, chat.id, group.id);
    return group;
  }
  const main = await getGroup(tx, mainGroup);
  await setOwner(tx, person.id, true);
  const actor = createChatActor("owner", person, main.name, true);
  const object = { group: main.name, name: `${chat.channel} ${chat.chat}` };
  const decision = await decide(tx, { actor, action: "chat.bind", object, taint: clean }, now);
  if (decision.verdict !== "allow") throw new AppError("denied", decision.reason);
  await bindChat(tx, chat.id, main.id);
  return main;
}

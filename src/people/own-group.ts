import { createChatActor } from "../authority/actor.ts";
import type { decideIn } from "../authority/authority.ts";
import { clean } from "../authority/taint.ts";
import { bindChat, type Chat } from "../store/chats.ts";
import type { Transaction } from "../store/database.ts";
import { addGroup, countOwnGroups, findGroup, findGroupOfPerson, type Group } from "../store/groups.ts";
import type { Person } from "../store/people.ts";
import { cleanName } from "./clean-name.ts";

const dayMs = 24 * 60 * 60_000;
/** That are made by themselves in a day: a list for everybody must not fill the disk. */
const mostOwnGroups = 20;

/** A group for somebody alone who is on an allow list and writes in private, with that chat; or why not. */
export async function settleInOwnGroup(
  tx: Transaction,
  visit: {
    readonly person: Person;
    readonly chat: Chat;
    readonly isProven: boolean;
    readonly now: number;
    readonly decide: typeof decideIn;
  },
): Promise<{ readonly group: Group; readonly isNew: boolean } | { readonly problem: string }> {
  const { person, chat, isProven, now, decide } = visit;
  const old = await findGroupOfPerson(tx, person.id);
  if (old === undefined && (await countOwnGroups(tx, now - dayMs)) >= mostOwnGroups) {
    return { problem: `${mostOwnGroups} people got groups of their own in a day` };
  }
  const name = old?.name ?? (await findName(tx, person));
  const actor = createChatActor("member", person, name, isProven);
  const object = { group: name, name: `${chat.channel} ${chat.chat}` };
  const decision = await decide(tx, { actor, action: "chat.settle", object, taint: clean }, now);
  if (decision.verdict !== "allow") return { problem: decision.reason };
  const group = await ensureOwnGroup(tx, person, now);
  await bindChat(tx, chat.id, group.id);
  return { group, isNew: old === undefined };
}

/** The group of one person alone, as `telegram-17`: the one that he had before, or a new one. Its folder is made when it is first opened. */
export async function ensureOwnGroup(tx: Transaction, person: Person, now: number): Promise<Group> {
  const old = await findGroupOfPerson(tx, person.id);
  if (old !== undefined) return old;
  const name = await findName(tx, person);
  const title = cleanName(person.displayName);
  return await addGroup(tx, { name, ...(title === "" ? {} : { title }), person: person.id, now });
}

/** After the channel and the person's number; the owner may have given that name to another. */
async function findName(tx: Transaction, { channel, id }: Person): Promise<string> {
  const base = `${channel
    .replace(/[^A-Za-z0-9]/g, "-")
    .replace(/^-+/, "")
    .slice(0, 40)}-${id}`;
  let name = base;
  for (let count = 2; (await findGroup(tx, name)) !== undefined; count++) name = `${base}-${count}`;
  return name;
}

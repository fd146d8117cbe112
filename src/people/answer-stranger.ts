import { setChatNoticed, type Chat } from "../store/chats.ts";
import type { Transaction } from "../store/database.ts";
import { countTold, setNoticed, setTold, type Person } from "../store/people.ts";
import type { PeoplePhrases } from "../words/english/people-phrases.ts";
import { cleanName } from "./clean-name.ts";

export interface StrangerVisit {
  readonly person: Person;
  readonly isOwner: boolean;
  readonly chat: Chat;
  /** Of the group to which the chat belongs. */
  readonly group: string | undefined;
  readonly now: number;
  readonly phrases: PeoplePhrases;
}

export interface StrangerAnswer {
  /** Into the chat. */
  readonly notice?: string;
  /** To the owner. */
  readonly told?: string;
}

const dayMs = 24 * 60 * 60_000;
/** Of strangers the owner is told in a day: who comes with a thousand names is a list, not a thousand notices. */
const mostTold = 10;

/**
 * What somebody hears who may not write, and the owner of him: once a day each, and once a day in a chat. Called only for
 * who is proven, no program, and has spoken to the assistant.
 */
export async function answerStranger(tx: Transaction, visit: StrangerVisit): Promise<StrangerAnswer> {
  const { person, isOwner, chat, group, now, phrases } = visit;
  if (isOld(person.noticedAt, now) && isOld(chat.noticedAt, now)) {
    await setNoticed(tx, person.id, now);
    await setChatNoticed(tx, chat.id, now);
    if (group === undefined && !chat.isPrivate) {
      const title = cleanName(chat.title);
      const notice = phrases.chatOfNobody({ chat: chat.id });
      return isOwner
        ? { notice }
        : { notice, told: phrases.spokenTo({ title, channel: chat.channel, chat: chat.id }) };
    }
    const notice = phrases.stranger({ number: person.id, group });
    return { notice, ...(await tellOfHim(tx, visit)) };
  }
  return isOwner ? {} : await tellOfHim(tx, visit);
}

async function tellOfHim(tx: Transaction, visit: StrangerVisit): Promise<StrangerAnswer> {
  const { person, chat, group, now, phrases } = visit;
  if (!isOld(person.toldAt, now) || (group === undefined && !chat.isPrivate)) return {};
  const count = await countTold(tx, now - dayMs);
  if (count > mostTold) return {};
  await setTold(tx, person.id, now);
  if (count === mostTold) return { told: phrases.moreStrangers };
  const name = cleanName(person.displayName);
  return { told: phrases.strangerWrote({ name, number: person.id, channel: person.channel, group }) };
}

/** Also a time in the future: the clock was put back since. */
function isOld(at: number | undefined, now: number): boolean {
  return at === undefined || now - at >= dayMs || at - now >= dayMs;
}

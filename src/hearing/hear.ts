import type { IncomingMessage } from "../channels/channel.ts";
import { clearAddressing, findAddressedUntil, setAddressedUntil } from "../store/addressing.ts";
import type { Chat } from "../store/chats.ts";
import type { Reader, Transaction } from "../store/database.ts";
import { defaultSettings, readGroupSettings } from "../store/group-settings.ts";
import type { GroupId } from "../store/ids.ts";
import type { Person } from "../store/people.ts";
import { attentionMs, findAddressing, type Addressing } from "./triggers.ts";

/** Whether a message is said to the assistant, if whoever wrote it may write here. */
export interface Meaning extends Pick<Addressing, "isAddressed" | "reason"> {
  /** Who goes on with the assistant from here: nobody in the chat after `none`. */
  readonly attention: Addressing["attention"] | "none";
}

export interface Hearing {
  readonly incoming: IncomingMessage;
  readonly chat: Chat;
  readonly person: Person;
  /** That of the chat, if it has one. */
  readonly group: GroupId | undefined;
  readonly isStop: boolean;
  readonly now: number;
}

/** Whether the assistant is meant, and by what. */
export async function hear(reader: Reader, hearing: Hearing): Promise<Meaning> {
  const { incoming, chat, person, group, isStop, now } = hearing;
  const { text, isPrivate } = incoming;
  const settings = group === undefined ? defaultSettings : await readGroupSettings(reader, group);
  const isSticky = settings.triggerMode === "mention-sticky" && !isPrivate && isSaid(incoming);
  const { attention, ...addressing } = findAddressing(
    {
      text,
      isPrivate,
      isMention: incoming.isMention === true,
      answersOther: answersOther(incoming),
      addressedUntil: isSticky ? await findAddressedUntil(reader, chat.id, person.id) : undefined,
      now,
    },
    settings,
  );
  return { ...addressing, attention: isStop ? "none" : isSticky ? attention : undefined };
}

/** With the message, when whoever wrote it may. */
export async function keepAttention(
  tx: Transaction,
  { attention }: Pick<Meaning, "attention">,
  { chat, person, now }: Pick<Hearing, "chat" | "person" | "now">,
): Promise<void> {
  if (attention === "holds") await setAddressedUntil(tx, chat.id, person.id, now + attentionMs);
  if (attention === "ends") await clearAddressing(tx, chat.id, person.id);
  if (attention === "none") await clearAddressing(tx, chat.id);
}

/** Somebody's own words, said now. */
function isSaid({ isFromBot, editOf, reactionTo, press }: IncomingMessage): boolean {
  return isFromBot !== true && editOf === undefined && reactionTo === undefined && press === undefined;
}

function answersOther({ quote, sender }: IncomingMessage): boolean {
  return quote?.from !== undefined && quote.from !== sender.name;
}

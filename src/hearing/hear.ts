import type { IncomingMessage } from "../channels/channel.ts";
import { findChatRow } from "../slash/chat-rows.ts";
import { readChatLine, type ChatLine } from "../slash/read-line.ts";
import { clearAddressing, findAddressedUntil, setAddressedUntil } from "../store/addressing.ts";
import type { Chat } from "../store/chats.ts";
import type { Reader, Transaction } from "../store/database.ts";
import { defaultSettings, readGroupSettings } from "../store/group-settings.ts";
import type { GroupId } from "../store/ids.ts";
import type { Person } from "../store/people.ts";
import { attentionMs, findAddressing, type Addressing } from "./triggers.ts";

/** What a message is, if whoever wrote it may write here. */
export interface Meaning {
  /** `overheard`: nobody is asked anything. */
  readonly means: "turn" | "command" | "overheard";
  /** Its name, when it is one; `unknown` when there is none of that name. */
  readonly command: string | undefined;
  readonly reason: string;
  /** Whether it is said to the assistant: a command may be said to whoever knows it. */
  readonly isAddressed: boolean;
  /** Who goes on with the assistant from here: nobody in the chat after `none`. */
  readonly attention: Addressing["attention"] | "none";
}

export interface Hearing {
  readonly incoming: IncomingMessage;
  readonly chat: Chat;
  readonly person: Person;
  /** That of the chat, if it has one. */
  readonly group: GroupId | undefined;
  readonly now: number;
}

/** Whether the assistant is meant, and by what. */
export async function hear(reader: Reader, hearing: Hearing): Promise<Meaning> {
  const { incoming, chat, person, group, now } = hearing;
  const { text, isPrivate } = incoming;
  const settings = group === undefined ? defaultSettings : await readGroupSettings(reader, group);
  const isSticky = settings.triggerMode === "mention-sticky" && !isPrivate && isSaid(incoming);
  const addressing = findAddressing(
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
  const line = isSaid(incoming) ? readChatLine(text, settings.triggerName) : undefined;
  const meaning = toMeaning(incoming, line, addressing);
  if (meaning.command === "stop") return { ...meaning, attention: "none" };
  return isSticky ? meaning : { ...meaning, attention: undefined };
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

/** In a chat of several a command is meant for us as far as nobody else is called with it, an unknown one only if we are. */
function toMeaning(
  { isPrivate, isMention }: IncomingMessage,
  line: ChatLine | undefined,
  { isAddressed, reason, attention }: Addressing,
): Meaning {
  const plain = { means: isAddressed ? "turn" : "overheard", command: undefined, reason } as const;
  if (line === undefined) return { ...plain, isAddressed, attention };
  const isOurs = isPrivate || isMention === true || line.isFor === "us";
  const heard = { isAddressed: isAddressed || isOurs, attention };
  if (!isOurs && line.isFor === "other") {
    const why = { means: "overheard", command: undefined, reason: "a command for somebody else" } as const;
    return { ...why, isAddressed: false, attention };
  }
  const row = findChatRow(line.word);
  if (row !== undefined) return { ...heard, means: "command", command: row.name, reason: "a command" };
  if (!heard.isAddressed) return { ...plain, ...heard };
  return { ...heard, means: "command", command: "unknown", reason: "no known command" };
}

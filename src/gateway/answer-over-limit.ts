import type { Chat } from "../store/chats.ts";
import type { Transaction } from "../store/database.ts";
import type { ChatId, GroupId } from "../store/ids.ts";
import { addReply } from "../store/replies.ts";
import type { ReceptionOptions } from "../people/reception.ts";
import type { GuardPhrases } from "../words/english/guard-phrases.ts";
import type { ReachedRate } from "./rate-limits.ts";

export interface OverLimit {
  readonly chat: Chat;
  readonly group: GroupId;
  readonly now: number;
  readonly phrases: GuardPhrases;
  readonly tell: ReceptionOptions["tell"];
}

/**
 * Who asks too much is told once; of programs that would go on for ever the owner is, for a word to them is one more round.
 * Returns the chats for which something waits.
 */
export async function answerOverLimit(
  tx: Transaction,
  { kind, limit, key }: ReachedRate,
  { chat, group, now, phrases, tell }: OverLimit,
): Promise<readonly ChatId[]> {
  if (kind === "bots" || kind === "echo") {
    const place = `${chat.channel} ${chat.title ?? chat.chat}`;
    const told = await tell(tx, { key, text: phrases.botsStopped({ chat: place, rounds: limit }), now });
    return told === undefined ? [] : [told.id];
  }
  const texts = {
    "person-minute": phrases.slowDown({ limit }),
    "person-day": phrases.enoughToday({ limit }),
    "group-day": phrases.groupEnoughToday({ limit }),
  } as const;
  const text = texts[kind];
  const reply = { key: `limit:${key}`, chat: chat.id, group, kind: "notice", text, now } as const;
  const written = await addReply(tx, reply);
  return written === undefined ? [] : [written.chat];
}

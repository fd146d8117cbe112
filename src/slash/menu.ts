import type { MenuEntry } from "../channels/channel.ts";
import type { Phrases } from "../words/english/phrases.ts";
import { chatRows } from "./chat-rows.ts";

/** What a platform offers when somebody types a slash: the chats' rows of the table, in the owner's language. */
export function toMenu(phrases: Phrases["slash"]): readonly MenuEntry[] {
  return chatRows.map(({ name, usage }) => {
    const takes = /\[(.+)\]/.exec(usage)?.[1];
    return { name, says: phrases[name], ...(takes === undefined ? {} : { takes }) };
  });
}

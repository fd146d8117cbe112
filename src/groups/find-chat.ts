import { AppError } from "../errors.ts";
import { findNearestWord } from "../nearest-word.ts";
import { findChatsByWord, listTitles, type Chat } from "../store/chats.ts";
import type { Reader } from "../store/database.ts";
import { groupWords } from "../words/english/group.ts";

/**
 * The chat that a person means by a number, `channel:chat`, or a title that only one has. Throws `AppError`: there is none
 * (`not-found`), or several (`usage`). The words of the error hold a title of a chat only if `showsTitles`.
 */
export async function findChatByWord(
  reader: Reader,
  word: string,
  { showsTitles }: { readonly showsTitles: boolean },
): Promise<Chat> {
  const found = await findChatsByWord(reader, word.trim());
  const [chat, other] = found;
  if (chat !== undefined && other === undefined) return chat;
  if (chat !== undefined) {
    const numbers = found.map(({ id }) => id);
    throw new AppError("usage", groupWords.chatNotClear({ word, numbers }));
  }
  const nearest = showsTitles ? findNearestWord(word, await listTitles(reader)) : undefined;
  throw new AppError("not-found", groupWords.unknownChat({ word, nearest }));
}

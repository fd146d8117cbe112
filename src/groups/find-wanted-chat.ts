import { AppError } from "../errors.ts";
import { findChatsByWord, listChats, type Chat } from "../store/chats.ts";
import type { Reader } from "../store/database.ts";
import { findGroup, mainGroup, type Group } from "../store/groups.ts";
import { groupWords } from "../words/english/group.ts";
import { findChatByWord } from "./find-chat.ts";

/**
 * The chat that a group's assistant means. Only main's learns whether a chat of another group exists: for any other, what is
 * not its own is refused as another's. Throws `AppError`.
 */
export async function findWantedChat(reader: Reader, word: string, group: Group): Promise<Chat> {
  if (group.name !== mainGroup) return await findOwn(reader, word, group);
  const named = await findGroup(reader, word);
  if (named === undefined) return await findChatByWord(reader, word, { showsTitles: false });
  const chats = await listChats(reader, named.id);
  const [only, other] = chats;
  if (only === undefined) throw new AppError("not-found", `The group ${named.name} has no chat.`);
  if (other === undefined) return only;
  throw new AppError("usage", groupWords.chatNotClear({ word, numbers: chats.map(({ id }) => id) }));
}

async function findOwn(reader: Reader, word: string, group: Group): Promise<Chat> {
  const own = await listChats(reader, group.id);
  if (word === group.name && own[0] !== undefined && own.length === 1) return own[0];
  const found = (await findChatsByWord(reader, word)).filter((chat) => chat.group === group.id);
  const [only, other] = found;
  if (only === undefined)
    throw new AppError("denied", "Refused: This belongs to another group, or to nobody.");
  if (other === undefined) return only;
  throw new AppError("usage", groupWords.chatNotClear({ word, numbers: found.map(({ id }) => id) }));
}

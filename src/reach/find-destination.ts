import { createAgentActor } from "../authority/actor.ts";
import { authorize } from "../authority/authorize.ts";
import { AppError } from "../errors.ts";
import type { TurnParty } from "../turns/turn-party.ts";
import { findWantedChat } from "../groups/find-wanted-chat.ts";
import { findChatById, type Chat } from "../store/chats.ts";
import type { Reader } from "../store/database.ts";
import { getGroupById, type Group } from "../store/groups.ts";
import type { ChatId } from "../store/ids.ts";
import type { MessageRow } from "../store/messages.ts";
import { groupWords } from "../words/english/group.ts";

export interface Place {
  readonly chat: Chat;
  /** Whose chat it is. */
  readonly owner: Group;
  /** It is answered in this turn, for `message`. */
  readonly isOrigin: boolean;
  readonly message: MessageRow | undefined;
}

/**
 * The chat that a model means. Only main's learns whether a chat of another group exists: for any other, what is not its own
 * is refused as another's. Throws `AppError`.
 */
export async function findDestination(
  reader: Reader,
  to: string | undefined,
  group: Group,
  party: TurnParty,
): Promise<Place> {
  const answered: ReadonlyMap<ChatId, MessageRow> = party.chats?.() ?? new Map<ChatId, MessageRow>();
  const last = [...answered.keys()].at(-1);
  const chat =
    to === undefined ? await findAnswered(reader, last) : await findWantedChat(reader, to.trim(), group);
  if (chat === undefined) throw new AppError("not-found", "The chat is no longer there.");
  if (chat.group === undefined) throw new AppError("conflict", groupWords.chatIsFree({ chat: chat.id }));
  const message = answered.get(chat.id);
  // A chat that was given to another group since the message came is no longer this one's to answer.
  const isOrigin = message !== undefined && chat.group === group.id;
  return {
    chat,
    owner: await getGroupById(reader, chat.group),
    isOrigin,
    message: isOrigin ? message : undefined,
  };
}

/** As the table says now: whose the chat is may have changed since it was asked. An `ask` was answered by whoever runs the call. */
export function refuseDenied({ owner, isOrigin }: Place, group: Group, { actor, taint }: TurnParty): void {
  const action = isOrigin ? "chat.say" : "chat.say-elsewhere";
  if (actor === undefined)
    throw new AppError("denied", "Refused: It is not said for whom the assistant works.");
  const object = { group: owner.name, name: "send" };
  const decision = authorize(createAgentActor(actor, group.name), action, object, taint.current);
  if (decision.verdict === "deny") throw new AppError("denied", `Refused: ${decision.reason}`);
}

async function findAnswered(reader: Reader, last: ChatId | undefined): Promise<Chat | undefined> {
  if (last !== undefined) return await findChatById(reader, last);
  throw new AppError("usage", "The person is at the terminal and reads your answer: say it there.", {
    hint: "With `to` it goes to a chat.",
  });
}

import { joinTaint, parseTaintBits } from "../authority/taint.ts";
import { fence } from "../fence.ts";
import { findChatById, type Chat } from "../store/chats.ts";
import type { Reader } from "../store/database.ts";
import type { ChatId } from "../store/ids.ts";
import type { Message } from "../store/messages.ts";
import { findPerson } from "../store/people.ts";
import type { Overheard } from "../hearing/gather.ts";
import type { PersonMessage } from "../turns/conversation.ts";
import { describeExtras } from "../incoming/message-extras.ts";

/**
 * What the model is shown of messages that came through chats. The owner's own words in a private chat stand alone;
 * all others say who wrote them and where, in a form that no text or name can imitate.
 */
export async function toPersonMessage(
  reader: Reader,
  messages: readonly Message[],
  { recent, earlier, taint: context = 0 }: Partial<Overheard> & Pick<Overheard, "recent"> = { recent: [] },
): Promise<PersonMessage> {
  const chats = new Map<ChatId, Chat | undefined>();
  for (const { chat } of [...recent, ...messages]) {
    if (!chats.has(chat)) chats.set(chat, await findChatById(reader, chat));
  }
  const texts: string[] = [];
  const overheard = await frameAll(reader, recent, chats);
  if (earlier !== undefined) texts.push(earlier);
  if (overheard.length > 0) texts.push(["Said meanwhile, not to you:", ...overheard].join("\n"));
  for (const message of messages) {
    const isPlain = message.personKind === "owner" && chats.get(message.chat)?.isPrivate === true;
    texts.push(isPlain ? toPlain(message) : ((await frameAll(reader, [message], chats))[0] ?? ""));
  }
  const images = messages.flatMap(({ body }) => body.images ?? []);
  const taint = joinTaint(
    parseTaintBits(context),
    ...messages.map((message) => parseTaintBits(message.taint)),
  );
  return { text: texts.join("\n\n"), ...(images.length === 0 ? {} : { images }), taint };
}

/** The owner's own words, and what came with them, in a form that none of it can imitate. */
function toPlain({ body }: Message): string {
  const extras = describeExtras(body).map((piece) => fence(piece));
  return [body.text, ...extras].filter((part) => part !== "").join("\n\n");
}

async function frameAll(
  reader: Reader,
  messages: readonly Message[],
  chats: ReadonlyMap<ChatId, Chat | undefined>,
): Promise<string[]> {
  const framed: string[] = [];
  for (const { body, chat, person, personKind, receivedAt } of messages) {
    const known = person === undefined ? undefined : await findPerson(reader, person);
    const attributes = {
      from: known?.displayName ?? known?.sender ?? "unknown",
      who: personKind,
      chat: chats.get(chat)?.title ?? chats.get(chat)?.chat ?? "",
      at: receivedAt.toISOString().slice(0, 16),
    };
    framed.push(fence({ name: "message", attributes, text: body.text, inner: describeExtras(body) }));
  }
  return framed;
}

import type { Channel } from "../channels/channel.ts";
import { AppError } from "../errors.ts";
import { toCallKey } from "../turns/settle-calls.ts";
import { splitText } from "../gateway/split-text.ts";
import type { TurnParty } from "../turns/turn-party.ts";
import { findChatById, type Chat } from "../store/chats.ts";
import type { Transaction } from "../store/database.ts";
import type { Group } from "../store/groups.ts";
import { toMessageId, toReplyId, type ChatId, type TurnId } from "../store/ids.ts";
import { findMessage, type MessageRow } from "../store/messages.ts";
import { openQuestion } from "../store/questions.ts";
import {
  addReply,
  findDraft,
  findLastAnswer,
  findReply,
  findReplyByKey,
  finishDraft,
  type NewReply,
  type Reply,
} from "../store/replies.ts";
import type { ChatHands, Outgoing, Sent } from "../tools/chat/chat-hands.ts";
import { findDestination, refuseDenied, type Place } from "./find-destination.ts";
import type { ReachOptions } from "./reach-options.ts";

const defaultMostCharacters = 4000;
/** As long as a number or a word is taken for the answer to a question. */
const questionMs = 24 * 60 * 60_000;

/**
 * Whatever is sent is a row of the outbox, written in one transaction under a key of the turn and the call: it goes out once,
 * in the order of its chat, whatever happens after.
 */
export function createChatHands(group: Group, getParty: () => TurnParty, options: ReachOptions): ChatHands {
  const { store, clock, findChannel, spool, wake, phrases } = options;
  const { database } = store;

  async function send(to: string | undefined, outgoing: Outgoing, callId: string): Promise<Sent> {
    const party = getParty();
    const key = toKey(party, callId);
    const file = outgoing.type === "file" ? { spool: await spool.write(key, outgoing.bytes) } : undefined;
    const { reply, place } = await database.transaction(async (tx) => {
      const found = await findDestination(tx, to, group, party);
      refuseDenied(found, group, party);
      await closeDraft(tx, found, party);
      const row = toRow(found, key, party);
      return { reply: await addWords(tx, row, outgoing, file, findChannel(found.chat)), place: found };
    });
    wake(place.chat.id);
    return { message: reply.id, place: toName(place) };
  }

  async function addWords(
    tx: Transaction,
    row: Omit<NewReply, "text">,
    outgoing: Outgoing,
    file: { readonly spool: string } | undefined,
    channel: Channel | undefined,
  ): Promise<Reply> {
    switch (outgoing.type) {
      case "text": {
        const most = channel?.traits.maxCharacters ?? defaultMostCharacters;
        const [first = "", ...rest] = splitText(outgoing.text, most);
        const reply = await add(tx, { ...row, text: first });
        for (const [index, text] of rest.entries()) {
          await add(tx, { ...row, key: `${row.key}p${index + 2}`, text });
        }
        return reply;
      }
      case "question": {
        const { options: choices } = outgoing;
        const text = phrases.asks({ question: outgoing.text });
        const reply = await add(tx, { ...row, text, extras: { type: "question", options: choices } });
        await openQuestion(tx, { chat: row.chat, reply: reply.id, until: row.now + questionMs });
        return reply;
      }
      case "file": {
        const { text, name, mediaType, bytes } = outgoing;
        if (file === undefined) throw new Error("the file was not put aside");
        const extras = { type: "file", ...file, name, mediaType, bytes: bytes.length } as const;
        return await add(tx, { ...row, text, extras });
      }
      default:
        return outgoing satisfies never;
    }
  }

  function toRow({ chat, owner, message }: Place, key: string, party: TurnParty): Omit<NewReply, "text"> {
    return {
      key,
      chat: chat.id,
      group: owner.id,
      ...(party.turn === undefined ? {} : { turn: party.turn }),
      ...(message === undefined ? {} : { message: message.id }),
      kind: "answer",
      now: clock.now(),
    };
  }

  /** What is done to a message of the chats that are being answered. */
  async function addSign(
    callId: string,
    work: (
      tx: Transaction,
      chats: ReadonlyMap<ChatId, MessageRow>,
    ) => Promise<Omit<NewReply, "key" | "group" | "now">>,
  ): Promise<void> {
    const party = getParty();
    const chats = party.chats?.() ?? new Map<ChatId, MessageRow>();
    const chat = await database.transaction(async (tx) => {
      const row = await work(tx, chats);
      const turn: { turn?: TurnId } = party.turn === undefined ? {} : { turn: party.turn };
      await add(tx, { ...row, ...turn, key: toKey(party, callId), group: group.id, now: clock.now() });
      return row.chat;
    });
    wake(chat);
  }

  async function getChannel(
    tx: Transaction,
    id: ChatId,
    capability: "react" | "edit",
  ): Promise<{ readonly chat: Chat; readonly channel: Channel }> {
    const chat = await findChatById(tx, id);
    const channel = chat === undefined ? undefined : findChannel(chat);
    if (chat !== undefined && channel?.[capability] !== undefined) return { chat, channel };
    const what = capability === "react" ? "shows no reactions" : "changes nothing that was sent";
    throw new AppError("usage", `The chat's channel (${chat?.channel ?? "unknown"}) ${what}.`);
  }

  return {
    async find(to) {
      const party = getParty();
      const { owner, isOrigin, chat } = await findDestination(database, to, group, party);
      return { group: owner.name, isOrigin, chat: chat.id };
    },
    send,
    async largestFile(to) {
      const { chat } = await findDestination(database, to, group, getParty());
      const files = findChannel(chat)?.files;
      if (files !== undefined) return files.maxBytes;
      throw new AppError("usage", `The chat's channel (${chat.channel}) takes no files.`);
    },
    async react(emoji, number, callId) {
      await addSign(callId, async (tx, chats) => {
        const message = await findOwn(tx, chats, number);
        await getChannel(tx, message.chat, "react");
        const extras = { type: "reaction", message: message.message } as const;
        return { chat: message.chat, message: message.id, kind: "notice", text: emoji, extras };
      });
    },
    async edit(text, number, callId) {
      await addSign(callId, async (tx, chats) => {
        const reply = await findEditable(tx, chats, number, group);
        const { channel } = await getChannel(tx, reply.chat, "edit");
        const most = channel.traits.maxCharacters;
        if (text.length > most)
          throw new AppError("usage", `A message there has at most ${most} characters.`);
        return { chat: reply.chat, kind: "notice", text, extras: { type: "edit", reply: reply.id } };
      });
    },
  };
}

/** What an answer that a crash cut off had shown stays above what is sent now; it is no longer to be changed. */
async function closeDraft(tx: Transaction, { chat, message }: Place, { turn }: TurnParty): Promise<void> {
  const draft = await findDraft(tx, chat.id);
  if (draft === undefined || message === undefined || turn === undefined) return;
  await finishDraft(tx, draft.id, { turn, message: message.id, text: draft.text });
}

/** The same row when the call is made again. */
async function add(tx: Transaction, row: NewReply): Promise<Reply> {
  const reply = (await addReply(tx, row)) ?? (await findReplyByKey(tx, row.key));
  if (reply === undefined) throw new Error("the outbox did not keep a reply");
  return reply;
}

function toKey({ turn }: TurnParty, callId: string): string {
  if (turn === undefined) throw new AppError("usage", "Nothing can be sent from here.");
  return toCallKey(turn, callId);
}

function toName({ chat, owner, isOrigin }: Place): string {
  return isOrigin ? "this chat" : `chat ${chat.id} of group ${owner.name}`;
}

/** A message of the chats that are answered: the last one by default. */
async function findOwn(
  tx: Transaction,
  chats: ReadonlyMap<ChatId, MessageRow>,
  number: number | undefined,
): Promise<MessageRow> {
  const last = [...chats.values()].at(-1);
  if (last === undefined) throw new AppError("usage", "No chat is answered in this turn.");
  if (number === undefined) return last;
  const message = await findMessage(tx, toMessageId(number));
  if (message !== undefined && chats.has(message.chat)) return message;
  throw new AppError("not-found", `The chat that you answer has no message ${number}.`);
}

/** Words of this group's assistant in the chats that are answered; neither a notice of ours nor a file. */
async function findEditable(
  tx: Transaction,
  chats: ReadonlyMap<ChatId, MessageRow>,
  number: number | undefined,
  { id }: Group,
): Promise<Reply> {
  const last = [...chats.keys()].at(-1);
  if (last === undefined) throw new AppError("usage", "No chat is answered in this turn.");
  const reply =
    number === undefined ? await findLastAnswer(tx, last) : await findReply(tx, toReplyId(number));
  const isOwn = reply !== undefined && reply.group === id && chats.has(reply.chat);
  if (isOwn && reply.kind === "answer" && reply.extras === undefined && reply.state !== "failed")
    return reply;
  throw new AppError(
    "not-found",
    `You sent no words to this chat${number === undefined ? "" : ` as message ${number}`}.`,
    {
      hint: "send_message says which number a message has.",
    },
  );
}

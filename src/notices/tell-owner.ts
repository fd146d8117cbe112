import type { Clock } from "../clock.ts";
import { listPrivateChats, type Chat, type ChatAddress } from "../store/chats.ts";
import type { Transaction } from "../store/database.ts";
import { getGroup, mainGroup } from "../store/groups.ts";
import type { ChatId, ReplyId } from "../store/ids.ts";
import { listUnsettledNotices, setNoticeReply, settleNotice, type Notice } from "../store/notices.ts";
import { addReply, endReply, findReply, type Reply } from "../store/replies.ts";
import type { Saying } from "../words/define-words.ts";
import { ailments, type WellAgain } from "../words/english/well-again.ts";

export interface ChannelLook {
  readonly isConnected: boolean;
  /** It was told that it is down: nobody need wait for it. */
  readonly isGivenUp: boolean;
  /** What is sent there lies until somebody fetches it. */
  readonly isFetched: boolean;
}

/** In the owner's language. */
export interface NoticeSpeech {
  readonly phrases: { readonly wellAgain: WellAgain };
  say(saying: Saying): string;
}

export interface TellOwnerOptions {
  readonly clock: Clock;
  readonly speech: NoticeSpeech;
  readonly lookAt: (chat: ChatAddress) => ChannelLook | undefined;
  /** Replies to the chat do not arrive. */
  readonly isIll: (chat: ChatId) => boolean;
  readonly format: (time: number) => string;
}

/** What nobody could be told for so long is no news any more. */
const newsMs = 7 * 24 * 60 * 60_000;

/**
 * Puts into the outbox what the owner has not been told yet, and once more what waits in a chat that does not get it while
 * another would. Returns the chats in which something waits now.
 */
export async function tellOwner(tx: Transaction, options: TellOwnerOptions): Promise<readonly ChatId[]> {
  const notices = await listUnsettledNotices(tx);
  if (notices.length === 0) return [];
  const chats = chooseChats(await listMainChats(tx), options);
  const told: ChatId[] = [];
  for (const notice of notices) {
    const chat = await tellNotice(tx, notice, chats, options);
    if (chat !== undefined) told.push(chat);
  }
  return told;
}

/** One of `toldBy` that goes to the owner says it already: nothing is added to that. */
export async function creditReply(tx: Transaction, subject: string, toldBy: readonly Reply[]): Promise<void> {
  if (toldBy.length === 0) return;
  const chats = new Set((await listMainChats(tx)).map(({ id }) => id));
  const reply = toldBy.find(({ chat }) => chats.has(chat));
  const notice = (await listUnsettledNotices(tx)).find((each) => each.subject === subject);
  if (reply !== undefined && notice !== undefined) await setNoticeReply(tx, notice, "begin", reply.id);
}

async function listMainChats(tx: Transaction): Promise<readonly Chat[]> {
  return await listPrivateChats(tx, (await getGroup(tx, mainGroup)).id);
}

/**
 * The one last written in first, of those that reach him. Where he has to fetch what he is sent it is put only when no
 * other chat will do soon.
 */
function chooseChats(chats: readonly Chat[], { lookAt, isIll }: TellOwnerOptions): readonly Chat[] {
  const looks = chats.flatMap((chat) => {
    const look = isIll(chat.id) ? undefined : lookAt(chat);
    return look === undefined || look.isGivenUp ? [] : [{ chat, ...look }];
  });
  const pushed = looks.filter(({ isFetched }) => !isFetched);
  const eligible = pushed.length > 0 ? pushed : looks;
  return eligible.flatMap(({ chat, isConnected }) => (isConnected ? [chat] : []));
}

async function tellNotice(
  tx: Transaction,
  notice: Notice,
  chats: readonly Chat[],
  options: TellOwnerOptions,
): Promise<ChatId | undefined> {
  const { isPassing, endedAt, beginReply, endReply: lastReply } = notice;
  const now = options.clock.now();
  const isOver = endedAt !== undefined && !isPassing;
  const hasBegun = await isOnItsWay(tx, beginReply, chats, now);
  if (isOver ? await isOnItsWay(tx, lastReply, chats, now) : hasBegun) {
    const hasArrived = await isSent(tx, isOver ? lastReply : beginReply);
    if (endedAt !== undefined && hasArrived) await settleNotice(tx, notice);
    return undefined;
  }
  if (endedAt !== undefined && now - endedAt.getTime() > newsMs) {
    await settleNotice(tx, notice);
    return undefined;
  }
  const part = isOver ? "end" : "begin";
  const text = toText(notice, isOver, hasBegun, options);
  for (const chat of chats) {
    // By the notice and the chat: refused in one, it may be told in another, and never twice in one.
    const key = `n${notice.id}${part}c${chat.id}`;
    const reply = await addReply(tx, { key, chat: chat.id, group: chat.group, kind: "notice", text, now });
    if (reply === undefined) continue;
    await setNoticeReply(tx, notice, part, reply.id);
    return chat.id;
  }
  return undefined;
}

/** It was sent, or will be. What waits for a channel that is away is taken back where another would take it. */
async function isOnItsWay(
  tx: Transaction,
  id: ReplyId | undefined,
  chats: readonly Chat[],
  now: number,
): Promise<boolean> {
  const reply = id === undefined ? undefined : await findReply(tx, id);
  if (reply === undefined || reply.state === "failed") return false;
  const mayMove = reply.state === "pending" && reply.unknowns === 0 && reply.platformId === undefined;
  if (!mayMove || chats.length === 0 || chats.some((chat) => chat.id === reply.chat)) return true;
  await endReply(tx, reply.id, { state: "failed", reason: "told in another chat", now });
  return false;
}

async function isSent(tx: Transaction, id: ReplyId | undefined): Promise<boolean> {
  const reply = id === undefined ? undefined : await findReply(tx, id);
  return reply?.state === "sent" || reply?.state === "unknown";
}

/** What was never told as long as it lasted is told as a whole. */
function toText(
  notice: Notice,
  isOver: boolean,
  hasBegun: boolean,
  { speech, format }: TellOwnerOptions,
): string {
  const begun = speech.say(notice.said);
  if (!isOver) return begun;
  const { subject, name, since, endedAt = since } = notice;
  const kind = ailments.find((each) => subject.startsWith(`${each}:`)) ?? "channel";
  const [from, to] = [format(since.getTime()), format(endedAt.getTime())];
  const over = speech.phrases.wellAgain[kind]({ name, from, to });
  return hasBegun ? over : `${begun}\n\n${over}`;
}

import type { CallbackQuery, MessageReactionUpdated, ReactionType, Update } from "@grammyjs/types";
import type { IncomingMessage } from "../channel.ts";
import { toChatAddress } from "./address.ts";
import { toSender, toTitle } from "./describe.ts";
import { readMessage, readThread, type Reading } from "./read-message.ts";

/** What of an update concerns the assistant. */
export type ReadUpdate =
  | {
      readonly type: "message";
      readonly message: IncomingMessage;
      readonly thread?: number;
      readonly album?: string;
    }
  | {
      readonly type: "press";
      readonly message: IncomingMessage;
      readonly query: string;
      readonly button: string;
    }
  | { readonly type: "moved"; readonly from: string; readonly to: string }
  | { readonly type: "nothing" };

/** The kinds that are asked for. */
export const allowedUpdates = [
  "message",
  "edited_message",
  "channel_post",
  "edited_channel_post",
  "callback_query",
  "message_reaction",
] as const;

export function readUpdate(update: Update, reading: Reading): ReadUpdate {
  const { message, channel_post: post, edited_message: edited, edited_channel_post: editedPost } = update;
  if (update.callback_query !== undefined) return readPress(update.callback_query, reading);
  if (update.message_reaction !== undefined) return readReaction(update.message_reaction, update.update_id);
  const fresh = message ?? post;
  const changed = edited ?? editedPost;
  const told = fresh ?? changed;
  if (told === undefined) return { type: "nothing" };
  if (told.migrate_to_chat_id !== undefined) {
    return { type: "moved", from: String(told.chat.id), to: String(told.migrate_to_chat_id) };
  }
  // A place that moves on is edited every few seconds.
  if (changed?.location !== undefined) return { type: "nothing" };
  const read = readMessage(told, reading);
  if (read === undefined) return { type: "nothing" };
  const thread = readThread(told);
  const album = fresh?.media_group_id;
  return {
    type: "message",
    message:
      changed === undefined ? read : { ...read, id: `${read.id}e${changed.edit_date ?? 0}`, editOf: read.id },
    ...(thread === undefined ? {} : { thread }),
    ...(album === undefined ? {} : { album: `${told.chat.id}:${album}` }),
  };
}

function readPress(query: CallbackQuery, { separateTopics }: Reading): ReadUpdate {
  const { message, data } = query;
  if (message === undefined || data === undefined) return { type: "nothing" };
  const thread = "is_topic_message" in message ? readThread(message) : undefined;
  const keyboard = "reply_markup" in message ? (message.reply_markup?.inline_keyboard ?? []) : [];
  const label = keyboard
    .flat()
    .find((button) => "callback_data" in button && button.callback_data === data)?.text;
  const cut = data.lastIndexOf(":");
  return {
    type: "press",
    query: query.id,
    button: data.slice(0, cut),
    message: {
      chat: toChatAddress(message.chat, thread, separateTopics),
      id: `p${query.id}`,
      sender: toSender(query.from),
      text: label ?? "",
      isPrivate: message.chat.type === "private",
      title: toTitle(message.chat),
      isMention: true,
      press: { reply: data.slice(0, cut), option: Number(data.slice(cut + 1)) },
    },
  };
}

function readReaction(
  { chat, user, actor_chat: as, ...reaction }: MessageReactionUpdated,
  update: number,
): ReadUpdate {
  const sender =
    user === undefined ? { id: String((as ?? chat).id), name: toTitle(as ?? chat) } : toSender(user);
  const signs = toSigns(reaction.new_reaction);
  const gone = toSigns(reaction.old_reaction);
  return {
    type: "message",
    message: {
      chat: String(chat.id),
      id: `r${update}`,
      sender,
      text: signs,
      isPrivate: chat.type === "private",
      title: toTitle(chat),
      sentAt: reaction.date * 1000,
      reactionTo: String(reaction.message_id),
      ...(signs === "" ? { note: `took back ${gone}` } : {}),
    },
  };
}

function toSigns(reactions: readonly ReactionType[]): string {
  return reactions
    .map((reaction) => (reaction.type === "emoji" ? reaction.emoji : "a sign of their own"))
    .join(" ");
}

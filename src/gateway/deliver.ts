import type { Channel, OutgoingReply, SendResult } from "../channels/channel.ts";
import { isCancelled } from "../errors.ts";
import type { Reader } from "../store/database.ts";
import { toReplyId } from "../store/ids.ts";
import { findReply, type Reply } from "../store/replies.ts";
import type { Spool } from "./spool.ts";

export interface DeliverOptions {
  readonly database: Reader;
  readonly spool: Pick<Spool, "read">;
  /** In a chat of several: the message that it answers, by its id there. */
  readonly answers?: string | undefined;
}

/** Hands a reply to its channel, as what it is. Never rejects. */
export async function deliver(
  channel: Channel,
  chat: string,
  reply: Reply,
  options: DeliverOptions,
  signal: AbortSignal,
): Promise<SendResult> {
  try {
    return reply.extras === undefined
      ? await deliverText(channel, chat, reply, options, signal)
      : await deliverMore(channel, chat, reply, options, signal);
  } catch (error) {
    // A channel's own mistake: something may have left.
    const reason = isCancelled(error) ? "cut off" : error instanceof Error ? error.message : String(error);
    return { type: "unknown", reason };
  }
}

async function deliverText(
  channel: Channel,
  chat: string,
  row: Reply,
  { answers }: DeliverOptions,
  signal: AbortSignal,
): Promise<SendResult> {
  const { buttons, platformId, unknowns } = row;
  const reply = toOutgoing(row, answers);
  const isEdit = platformId !== undefined && channel.edit !== undefined;
  if (isEdit) return await channel.edit.edit(chat, platformId, reply, signal);
  const result =
    buttons !== undefined && channel.ask !== undefined
      ? await channel.ask.ask(chat, reply, buttons, signal)
      : await channel.send(chat, reply, signal);
  // What arrived before under this key may have been the first words of a draft.
  const hasDrafts = channel.edit !== undefined && channel.edit.isCostly !== true;
  const mayBeOld = unknowns > 0 && channel.traits.isIdempotent && hasDrafts;
  if (!mayBeOld || result.type !== "sent" || result.platformId === undefined) return result;
  return await channel.edit.edit(chat, result.platformId, reply, signal);
}

async function deliverMore(
  channel: Channel,
  chat: string,
  row: Reply,
  { database, spool, answers }: DeliverOptions,
  signal: AbortSignal,
): Promise<SendResult> {
  const { text, extras } = row;
  const reply = toOutgoing(row, answers);
  switch (extras?.type) {
    case "question": {
      if (channel.ask !== undefined) return await channel.ask.ask(chat, reply, extras.options, signal);
      return await channel.send(chat, { ...reply, text: toNumberedText(text, extras.options) }, signal);
    }
    case "file": {
      const { spool: file, name, mediaType } = extras;
      if (channel.files === undefined) return refused(`${channel.name} takes no files`);
      const bytes = await spool.read(file);
      if (bytes === undefined) return refused("the file is no longer there");
      return await channel.files.send(chat, reply, { name, mediaType, bytes }, signal);
    }
    case "reaction":
      if (channel.react === undefined) return refused(`${channel.name} shows no reactions`);
      return await channel.react.react(chat, extras.message, text, signal);
    case "edit": {
      const { platformId } = (await findReply(database, toReplyId(extras.reply))) ?? {};
      if (channel.edit === undefined) return refused(`${channel.name} changes nothing that was sent`);
      if (platformId === undefined) return refused("what it would change was not sent");
      return await channel.edit.edit(chat, platformId, reply, signal);
    }
    case undefined:
      return refused("another version of the program wrote it");
    default:
      return extras satisfies never;
  }
}

function toOutgoing({ id, key, text, format, approval }: Reply, answers: string | undefined): OutgoingReply {
  return {
    id,
    key,
    text,
    // What is asked for must not look otherwise than it is.
    ...(approval === undefined ? {} : { isLiteral: true }),
    ...(format === undefined ? {} : { format }),
    ...(answers === undefined ? {} : { answers }),
  };
}

/** For chats without buttons. */
export function toNumberedText(text: string, options: readonly string[]): string {
  return [text, ...options.map((option, index) => `${index + 1}. ${option}`)].join("\n");
}

function refused(reason: string): SendResult {
  return { type: "refused", reason };
}

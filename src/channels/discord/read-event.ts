import type { IncomingMessage } from "../channel.ts";
import { toMessageId } from "./address.ts";
import { toFields, toList } from "./fields.ts";
import { readMessage, readSender } from "./read-message.ts";
import type { Reading } from "./reading.ts";
import { isSnowflake } from "./snowflake.ts";

/** A command of the menu or a press on a button: whoever it was waits three seconds for a sign. */
export interface ReadInteraction {
  readonly type: "command" | "press";
  readonly message: IncomingMessage;
  readonly id: string;
  readonly token: string;
  /** What the button was given. */
  readonly button: string;
}

/** A message whose words are others now. Discord also says so when it has only added the picture of a link. */
export function readEdit(data: unknown, reading: Reading): IncomingMessage | undefined {
  return typeof toFields(data)["edited_timestamp"] === "string" ? readMessage(data, reading) : undefined;
}

/** `mark`: the same when the event comes again, and that of no other. */
export function readReaction(
  data: unknown,
  { me, place }: Reading,
  { mark, isGone }: { readonly mark: string; readonly isGone: boolean },
): IncomingMessage | undefined {
  const { user_id: user, message_id: message, member, emoji } = toFields(data);
  if (!isSnowflake(user) || !isSnowflake(message) || user === me.id) return undefined;
  const sender = readSender(toFields(member)["user"], member) ?? { id: user };
  const { name } = toFields(emoji);
  const sign = typeof name === "string" ? name : "a sign of their own";
  return {
    chat: place.chat,
    id: toMessageId(place, `r${mark}`),
    sender,
    text: isGone ? "" : sign,
    isPrivate: place.isPrivate,
    title: place.title ?? sender.name ?? "",
    reactionTo: toMessageId(place, message),
    ...(isGone ? { note: `took back ${sign}` } : {}),
    ...(toFields(toFields(member)["user"])["bot"] === true ? { isFromBot: true } : {}),
  };
}

export function readInteraction(
  data: unknown,
  { place }: Pick<Reading, "place">,
): ReadInteraction | undefined {
  const { id, token, type, member, user, data: content, message } = toFields(data);
  const sender = readSender(toFields(member)["user"] ?? user, member);
  if (!isSnowflake(id) || typeof token !== "string" || !/^[\w-]+$/.test(token) || sender === undefined) {
    return undefined;
  }
  const common = {
    chat: place.chat,
    id: toMessageId(place, `i${id}`),
    sender,
    isPrivate: place.isPrivate,
    title: place.title ?? sender.name ?? "",
    isMention: true,
  };
  if (type === 2) {
    const text = readCommand(content);
    if (text === undefined) return undefined;
    return { type: "command", id, token, button: "", message: { ...common, text } };
  }
  const { custom_id: name } = toFields(content);
  if (type !== 3 || typeof name !== "string") return undefined;
  const cut = name.lastIndexOf(":");
  const reply = name.slice(0, cut);
  const press = { reply, option: Number(name.slice(cut + 1)) };
  return {
    type: "press",
    id,
    token,
    button: reply,
    message: { ...common, text: findLabel(toFields(message)["components"], name), press },
  };
}

/** As it would have been typed. */
function readCommand(content: unknown): string | undefined {
  const { name, type = 1, options } = toFields(content);
  if (typeof name !== "string" || type !== 1 || !/^[\w-]{1,32}$/.test(name)) return undefined;
  const words = toList(options).map((option) => toFields(option)["value"]);
  return [`/${name}`, ...words.filter((word) => typeof word === "string" && word !== "")].join(" ");
}

function findLabel(rows: unknown, name: string): string {
  const buttons = toList(rows).flatMap((row) => toList(toFields(row)["components"]).map(toFields));
  const label = buttons.find(({ custom_id: id }) => id === name)?.["label"];
  return typeof label === "string" ? label : "";
}

import type { IncomingMessage, IncomingQuote, IncomingSender } from "../channel.ts";
import { toMessageId } from "./address.ts";
import { describeContent, describeForward } from "./describe.ts";
import { toFields } from "./fields.ts";
import { readFiles } from "./read-files.ts";
import { readText } from "./read-text.ts";
import type { Reading } from "./reading.ts";
import { isSnowflake } from "./snowflake.ts";

/** What people write, also in answer and as the first words of a thread; the rest only tells of the chat itself. */
const written: readonly unknown[] = [undefined, 0, 19];

/** A message as ours; nothing for our own, and for what is none. */
export function readMessage(data: unknown, reading: Reading): IncomingMessage | undefined {
  const { place, me } = reading;
  const message = toFields(data);
  const { id, type, timestamp, edited_timestamp: edited, author, webhook_id: webhook } = message;
  const sender = readSender(author, message["member"]);
  if (!isSnowflake(id) || sender === undefined || sender.id === me.id || !written.includes(type)) {
    return undefined;
  }
  const { text, isMention } = readText(message, reading);
  const answered = message["referenced_message"];
  // A person who answers a file asks about it.
  const own = `${place.channel}/${id}`;
  const quoted = toFields(answered)["id"];
  const files = [
    ...readFiles(message, own),
    ...(isSnowflake(quoted) ? readFiles(toFields(answered), `${place.channel}/${quoted}`) : []),
  ];
  const forwarded = describeForward(message, reading);
  const note = forwarded ?? describeContent(message);
  if (text === "" && note === undefined && files.length === 0) return undefined;
  const quote = forwarded === undefined ? readQuote(answered, reading) : undefined;
  const answersUs = quote !== undefined && toFields(toFields(answered)["author"])["id"] === me.id;
  const sentAt = toTime(timestamp);
  const editedAt = toTime(edited);
  const address = toMessageId(place, id);
  return {
    chat: place.chat,
    id: editedAt === undefined ? address : `${address}e${editedAt}`,
    ...(editedAt === undefined ? {} : { editOf: address }),
    sender,
    text,
    isPrivate: place.isPrivate,
    title: place.title ?? sender.name ?? "",
    isMention: isMention || answersUs,
    ...(sentAt === undefined ? {} : { sentAt }),
    ...(note === undefined ? {} : { note }),
    ...(quote === undefined ? {} : { quote }),
    ...(files.length === 0 ? {} : { files }),
    ...(toFields(author)["bot"] === true || webhook !== undefined ? { isFromBot: true } : {}),
  };
}

/** Who wrote or did something. Undefined: nobody is named. */
export function readSender(user: unknown, member?: unknown): IncomingSender | undefined {
  const { id, username, global_name: display, discriminator } = toFields(user);
  if (!isSnowflake(id)) return undefined;
  const { nick } = toFields(member);
  const name = [nick, display, username].find((each) => typeof each === "string" && each !== "");
  // Since 2023 a name without a number is one person's; programs still have numbers.
  const isUnique = discriminator === "0" && typeof username === "string";
  return {
    id,
    ...(typeof name === "string" ? { name } : {}),
    ...(isUnique ? { uniqueName: username } : {}),
  };
}

function readQuote(answered: unknown, reading: Reading): IncomingQuote | undefined {
  const message = toFields(answered);
  const { id, author } = message;
  if (!isSnowflake(id)) return undefined;
  const { text: words } = readText(message, reading);
  const [file] = readFiles(message, "");
  const text =
    words === "" ? (describeContent(message) ?? (file === undefined ? "" : `a ${file.kind}`)) : words;
  const from = readSender(author)?.name;
  return {
    text,
    message: toMessageId(reading.place, id),
    ...(from === undefined ? {} : { from }),
  };
}

function toTime(value: unknown): number | undefined {
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

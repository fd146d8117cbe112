import type { IncomingMessage } from "../channel.ts";
import { isDirect, toMessageId } from "./address.ts";
import { toFields, toList, toText, type Fields } from "./fields.ts";
import { readChange, readMessage, toChat, type Reading } from "./read-message.ts";
import { readText } from "./read-text.ts";
import { toSign } from "./signs.ts";
import type { Frame } from "./socket-link.ts";

/** What of a frame concerns the assistant. */
export type ReadFrame =
  | { readonly type: "message"; readonly message: IncomingMessage }
  | { readonly type: "press"; readonly message: IncomingMessage; readonly button: string }
  | { readonly type: "moved"; readonly from: string; readonly to: string }
  | { readonly type: "nothing" };

export interface FrameReading extends Reading {
  /** Names of slash commands: what follows `/nanoclaw` is one of them, or something that is said. */
  readonly commands: ReadonlySet<string>;
}

const nothing: ReadFrame = { type: "nothing" };

/** Never throws: what is not understood is nothing. */
export function readFrame({ type, payload: given, envelope = "" }: Frame, reading: FrameReading): ReadFrame {
  const payload = toFields(given);
  switch (type) {
    case "events_api":
      return readEvent(toFields(payload["event"]), toText(payload["event_id"]) ?? envelope, reading);
    case "slash_commands":
      return toRead(readCommand(payload, envelope, reading));
    case "interactive":
      return readPress(payload, reading);
    default:
      return nothing;
  }
}

function readEvent(event: Fields, id: string, reading: FrameReading): ReadFrame {
  switch (event["type"]) {
    // One text is told twice where the bot is mentioned: both are the same message.
    case "message":
    case "app_mention":
      return toRead(
        event["subtype"] === "message_changed" ? readChange(event, reading) : readMessage(event, reading),
      );
    case "reaction_added":
    case "reaction_removed":
      return toRead(readReaction(event, id, reading));
    case "channel_id_changed": {
      const from = toText(event["old_channel_id"]);
      const to = toText(event["new_channel_id"]);
      return from === undefined || to === undefined ? nothing : { type: "moved", from, to };
    }
    default:
      return nothing;
  }
}

function toRead(message: IncomingMessage | undefined): ReadFrame {
  return message === undefined ? nothing : { type: "message", message };
}

function readReaction(event: Fields, id: string, { me }: FrameReading): IncomingMessage | undefined {
  const item = toFields(event["item"]);
  const channel = toText(item["channel"]);
  const time = toText(item["ts"]);
  const user = toText(event["user"]);
  const name = toText(event["reaction"]);
  if (channel === undefined || time === undefined || user === undefined || name === undefined)
    return undefined;
  if (user === me.user || user === me.bot) return undefined;
  const sign = toSign(name);
  const isGone = event["type"] === "reaction_removed";
  return {
    chat: channel,
    id: `r${id}`,
    sender: { id: user },
    text: isGone ? "" : sign,
    isPrivate: isDirect(channel),
    reactionTo: time,
    ...(isGone ? { note: `took back ${sign}` } : {}),
    ...toSentAt(event["event_ts"]),
  };
}

/** `/nanoclaw status` is `/status`; `/nanoclaw what is new?` is a question. */
function readCommand(
  payload: Fields,
  envelope: string,
  { commands, me }: FrameReading,
): IncomingMessage | undefined {
  const channel = toText(payload["channel_id"]);
  const user = toText(payload["user_id"]);
  if (channel === undefined || user === undefined) return undefined;
  const said = readText(toText(payload["text"]) ?? "", me.user).text.trim();
  const [first = ""] = said.split(/\s/);
  return {
    chat: channel,
    id: `c${toText(payload["trigger_id"]) ?? envelope}`,
    sender: { id: user },
    text: said === "" ? "/help" : commands.has(first.toLowerCase()) ? `/${said}` : said,
    isPrivate: isDirect(channel),
    isMention: true,
  };
}

function readPress(payload: Fields, { separateThreads }: FrameReading): ReadFrame {
  const [action] = toList(payload["actions"]);
  const container = toFields(payload["container"]);
  const channel = toText(toFields(payload["channel"])["id"]) ?? toText(container["channel_id"]);
  const user = toText(toFields(payload["user"])["id"]);
  const value = toText(action?.["value"]);
  if (payload["type"] !== "block_actions" || action?.["type"] !== "button") return nothing;
  if (channel === undefined || user === undefined || value === undefined) return nothing;
  const message = toFields(payload["message"]);
  const thread = toText(message["thread_ts"]) ?? toText(container["thread_ts"]);
  const time = toText(message["ts"]) ?? toText(container["message_ts"]) ?? "";
  const isReply = thread !== undefined && toMessageId(time, thread) !== time;
  const cut = value.lastIndexOf(":");
  const at = toText(action["action_ts"]) ?? toText(payload["trigger_id"]) ?? "";
  return {
    type: "press",
    button: value.slice(0, cut),
    message: {
      chat: toChat(channel, isReply ? thread : undefined, separateThreads),
      id: `p${at}.${user}`,
      sender: { id: user },
      text: toText(toFields(action["text"])["text"]) ?? "",
      isPrivate: isDirect(channel),
      isMention: true,
      press: {
        reply: value.slice(0, cut),
        option: /^\d{1,3}$/.test(value.slice(cut + 1)) ? Number(value.slice(cut + 1)) : Number.NaN,
      },
    },
  };
}

function toSentAt(time: unknown): { readonly sentAt?: number } {
  const seconds = Number(time);
  return typeof time === "string" && Number.isFinite(seconds) ? { sentAt: Math.round(seconds * 1000) } : {};
}

import type { Message, MessageOrigin, Poll, User } from "@grammyjs/types";
import type { IncomingSender } from "../channel.ts";

/** What a message holds that is no text and no file, in words for the assistant; nothing where there is none. */
export function describeContent(message: Message): string | undefined {
  const { venue, location, contact, poll, sticker, dice, game, story } = message;
  if (venue !== undefined) {
    return `a place: ${venue.title}, ${venue.address} (${toCoordinates(venue.location)})`;
  }
  if (location !== undefined) {
    const isLive = location.live_period !== undefined;
    return `${isLive ? "a live location, now at" : "a place:"} ${toCoordinates(location)}`;
  }
  if (contact !== undefined) {
    const name = [contact.first_name, contact.last_name].filter(Boolean).join(" ");
    return `a contact: ${name}, ${contact.phone_number}`;
  }
  if (poll !== undefined) return describePoll(poll);
  if (sticker !== undefined) {
    const from = sticker.set_name === undefined ? "" : ` from the set ${sticker.set_name}`;
    return `a sticker ${sticker.emoji ?? ""}${from}`.trimEnd();
  }
  if (dice !== undefined) return `a thrown ${dice.emoji}: ${dice.value}`;
  if (game !== undefined) return `a game: ${game.title}`;
  return story === undefined ? undefined : "a story, which bots cannot see";
}

/** Who had written what was forwarded. */
export function describeOrigin(origin: MessageOrigin): string {
  switch (origin.type) {
    case "user":
      return toName(origin.sender_user);
    case "hidden_user":
      return origin.sender_user_name;
    case "chat":
      return toTitle(origin.sender_chat);
    case "channel":
      return toTitle(origin.chat);
    default:
      return origin satisfies never;
  }
}

/** A user as the sender of something. Telegram gives a username to one at a time. */
export function toSender(user: User): IncomingSender {
  const { id, username } = user;
  return { id: String(id), name: toName(user), ...(username === undefined ? {} : { uniqueName: username }) };
}

export function toName({ first_name, last_name }: Pick<User, "first_name" | "last_name">): string {
  return [first_name, last_name].filter(Boolean).join(" ");
}

interface Titled {
  readonly title?: string | undefined;
  readonly first_name?: string | undefined;
  readonly last_name?: string | undefined;
}

export function toTitle(chat: Titled): string {
  return chat.title ?? [chat.first_name, chat.last_name].filter(Boolean).join(" ");
}

function toCoordinates({
  latitude,
  longitude,
}: {
  readonly latitude: number;
  readonly longitude: number;
}): string {
  return `latitude ${latitude}, longitude ${longitude}`;
}

function describePoll({ question, options, type, is_anonymous: isAnonymous }: Poll): string {
  const choices = options.map(({ text, voter_count: votes }, index) => `${index + 1}. ${text} (${votes})`);
  const kind = [type === "quiz" ? "quiz" : "poll", isAnonymous ? "anonymous" : "open"].join(", ");
  return [`a ${kind}: ${question}`, ...choices].join("\n");
}

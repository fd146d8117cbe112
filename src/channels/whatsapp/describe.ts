import { list, number, part, words } from "./content.ts";
import type { MessageContent } from "./wire.ts";

/** What a message holds that is no text and no file, in words for the assistant; nothing where there is none. */
export function describeContent(content: MessageContent): string | undefined {
  const place = part(content, "locationMessage") ?? part(content, "liveLocationMessage");
  if (place !== undefined) return describePlace(place, part(content, "liveLocationMessage") !== undefined);
  const contact = part(content, "contactMessage");
  if (contact !== undefined) return `a contact: ${describeContact(contact)}`;
  const contacts = part(content, "contactsArrayMessage");
  if (contacts !== undefined) {
    return ["contacts:", ...list(contacts, "contacts").map((each) => `- ${describeContact(each)}`)].join(
      "\n",
    );
  }
  const poll = [
    "pollCreationMessage",
    "pollCreationMessageV2",
    "pollCreationMessageV3",
    "pollCreationMessageV5",
  ]
    .map((name) => part(content, name))
    .find((each) => each !== undefined);
  if (poll !== undefined) {
    const options = list(poll, "options").map(
      (option, index) => `${index + 1}. ${words(option, "optionName")}`,
    );
    return [`a poll: ${words(poll, "name")}`, ...options].join("\n");
  }
  if (part(content, "stickerMessage") !== undefined) return "a sticker";
  const event = part(content, "eventMessage");
  if (event !== undefined) return `an event: ${words(event, "name")}`;
  return part(content, "groupInviteMessage") === undefined ? undefined : "an invitation to a group";
}

function describePlace(place: unknown, isLive: boolean): string {
  const names = [words(place, "name"), words(place, "address")].filter((each) => each !== "").join(", ");
  const at = `latitude ${number(place, "degreesLatitude") ?? "?"}, longitude ${number(place, "degreesLongitude") ?? "?"}`;
  const head = isLive ? "a live location, now at" : "a place:";
  return names === "" ? `${head} ${at}` : `${head} ${names} (${at})`;
}

/** Of the card only the numbers: it may hold a picture. */
function describeContact(contact: unknown): string {
  const numbers = [...words(contact, "vcard").matchAll(/^(?:item\d+\.)?TEL[^:]*:(.+)$/gim)].map(([, each]) =>
    each?.trim(),
  );
  return [words(contact, "displayName"), ...numbers].join(", ");
}

import { toFields, toList } from "./fields.ts";
import type { Reading } from "./reading.ts";
import { readText } from "./read-text.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What a message holds that is no text and no file, in words for the assistant; nothing where there is none. */
export function describeContent({
  sticker_items: stickers,
  poll,
  embeds,
  content,
}: Fields): string | undefined {
  const [sticker] = toList(stickers);
  if (sticker !== undefined) return `a sticker ${toText(toFields(sticker)["name"])}`.trimEnd();
  if (typeof poll === "object" && poll !== null) return describePoll(toFields(poll));
  // What programs show beside their words; of a person it is only the picture of a link.
  if (content !== "" || toList(embeds).length === 0) return undefined;
  const shown = toList(embeds).map((each) => {
    const { title, description, url } = toFields(each);
    return [title, description, url].map(toText).filter(Boolean).join("\n");
  });
  const told = shown.filter(Boolean).join("\n\n");
  return told === "" ? undefined : `a card:\n${told}`;
}

/** What another wrote is not the words of who passes it on. */
export function describeForward(
  { message_reference: reference, message_snapshots: snapshots }: Fields,
  reading: Pick<Reading, "me" | "place" | "nameOf">,
): string | undefined {
  if (toFields(reference)["type"] !== 1) return undefined;
  const [first] = toList(snapshots);
  const message = toFields(toFields(first)["message"]);
  const { text } = readText(message, reading);
  const words = [text, describeContent(message) ?? ""].filter(Boolean).join("\n");
  return words === "" ? "forwarded" : `forwarded:\n${words}`;
}

function describePoll({ question, answers, results }: Fields): string {
  const counts = toList(toFields(results)["answer_counts"]).map(toFields);
  const choices = toList(answers).map((each, index) => {
    const { answer_id: id, poll_media: media } = toFields(each);
    const votes = counts.find((count) => count["id"] === id)?.["count"];
    const voted = typeof votes === "number" ? ` (${votes})` : "";
    return `${index + 1}. ${toText(toFields(media)["text"])}${voted}`;
  });
  return [`a poll: ${toText(toFields(question)["text"])}`, ...choices].join("\n");
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

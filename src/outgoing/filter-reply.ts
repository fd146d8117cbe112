import type { Reader } from "../store/database.ts";
import type { Reply } from "../store/replies.ts";
import type { OutgoingFilter } from "./outgoing-filter.ts";

export interface FilteredReply {
  readonly reply: Reply;
  readonly isChanged: boolean;
  /** The names of those that were struck out. */
  readonly secrets: readonly string[];
}

/** All words of a reply that a person reads: the text, what stands on buttons, the name of a file. */
export async function filterReply(
  filter: OutgoingFilter,
  reader: Reader,
  reply: Reply,
): Promise<FilteredReply> {
  const secrets = new Set<string>();
  let isChanged = false;
  async function pass(text: string): Promise<string> {
    const filtered = await filter.filter(reader, { ...reply, text });
    for (const secret of filtered.secrets) secrets.add(secret);
    isChanged ||= filtered.text !== text;
    return filtered.text;
  }
  const text = await pass(reply.text);
  // Where links lead stands there only. What was made of other words is none any more.
  const isFormatKept = reply.format !== undefined && (await pass(reply.format)) === reply.format;
  const format = isFormatKept && text === reply.text ? reply.format : undefined;
  let { extras } = reply;
  if (extras?.type === "question") {
    const options: string[] = [];
    for (const option of extras.options) options.push(await pass(option));
    extras = { ...extras, options };
  } else if (extras?.type === "file") extras = { ...extras, name: await pass(extras.name) };
  return { reply: { ...reply, text, format, extras }, isChanged, secrets: [...secrets] };
}

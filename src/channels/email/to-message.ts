import type { IncomingFile, IncomingMessage } from "../channel.ts";
import { toChatAddress } from "./address.ts";
import type { Mail } from "../../mail/read-mail.ts";

export interface MailFacts {
  readonly mail: Mail;
  readonly files: readonly IncomingFile[];
  readonly arrivedAt: number;
  readonly maxBodyCharacters: number;
  readonly separateThreads: boolean;
}

const longestQuote = 4000;

/** A mail as a message: its words as its writer's, its subject and its date beside them. */
export function toMessage(facts: MailFacts): IncomingMessage {
  const { mail, files, arrivedAt, maxBodyCharacters, separateThreads } = facts;
  const { from, subject, to, date, quote } = mail;
  const text = mail.text.slice(0, maxBodyCharacters).toWellFormed();
  const left = mail.text.length - text.length;
  const note = [
    `a mail, subject: ${subject === "" ? "(none)" : subject}`,
    ...(date === "" ? [] : [`date: ${date}`]),
    ...(to.length > 1 ? [`also to: ${to.join(", ")}`] : []),
    ...(left > 0 ? [`its last ${left} characters were left out`] : []),
    ...(text === "" && files.length === 0 ? ["it has no words"] : []),
  ].join("\n");
  return {
    chat: toChatAddress(mail, separateThreads),
    id: mail.id,
    sender: { id: from.address, ...(from.name === "" ? {} : { name: from.name }) },
    text,
    isPrivate: true,
    title: separateThreads && subject !== "" ? `${from.address}: ${subject}` : from.address,
    isMention: true,
    sentAt: arrivedAt,
    note,
    ...(quote === "" ? {} : { quote: toQuote(mail) }),
    ...(files.length === 0 ? {} : { files }),
  };
}

function toQuote({ quote, references }: Mail): NonNullable<IncomingMessage["quote"]> {
  const message = references.at(-1);
  const text = quote.slice(0, longestQuote).toWellFormed();
  return { text, ...(message === undefined ? {} : { message }) };
}

import type { Email } from "postal-mime";
import { htmlToMarkdown } from "../html/html-to-markdown.ts";
import { isMailAddress } from "./mail-address.ts";
import { findAutomaticSign } from "./automatic.ts";
import { parseQuoted } from "./cut-quote.ts";

/** What of a mail concerns the assistant. */
export interface Mail {
  readonly from: { readonly address: string; readonly name: string };
  /** With its brackets. Of one that has none, a name made of its bytes. */
  readonly id: string;
  /** What it goes on from, the oldest first. */
  readonly references: readonly string[];
  readonly subject: string;
  readonly to: readonly string[];
  readonly date: string;
  /** What its writer says now. */
  readonly text: string;
  /** What it answers, as its writer's program put it below. */
  readonly quote: string;
  /** Other parts may be there. */
  readonly hasParts: boolean;
  /** Why it is no mail of a person. */
  readonly automatic: string | undefined;
}

const deepest = 50;
const largestHeaders = 200_000;
const mostReferences = 100;
const longestId = 250;
const longestSubject = 500;
const mostRecipients = 20;

/**
 * The beginning of a mail, as long as it was fetched. Undefined: nobody that could be answered has written it. Never
 * throws: what cannot be taken apart is read as far as its headers go.
 */
export async function readMail(source: Uint8Array): Promise<Mail | undefined> {
  const { default: PostalMime } = await import("postal-mime");
  const parse = async (bytes: Uint8Array): Promise<Email | undefined> =>
    await PostalMime.parse(bytes, {
      maxNestingDepth: deepest,
      maxHeadersSize: largestHeaders,
      // What was passed on is a file: its words are not those of who passes it on.
      forceRfc822Attachments: true,
    }).catch(() => undefined);
  const whole = await parse(source);
  const mail = whole ?? (await parse(source.subarray(0, findBody(source))));
  if (mail === undefined) return undefined;
  const { from } = mail;
  const address = from?.address?.toLowerCase() ?? "";
  const hasOne = mail.headers.filter(({ key }) => key === "from").length === 1;
  if (!hasOne || !isMailAddress(address)) return undefined;
  const { text, quote } = parseQuoted(toText(mail));
  return {
    from: { address, name: oneLine(from?.name ?? "").slice(0, 100) },
    id: toId(mail.messageId) ?? `<${Bun.SHA256.hash(source, "hex")}@no-id>`,
    references: toReferences(mail),
    subject: oneLine(mail.subject ?? "").slice(0, longestSubject),
    to: toRecipients(mail),
    date: oneLine(mail.date ?? "").slice(0, 60),
    text: whole === undefined ? "" : text,
    quote,
    hasParts: whole === undefined || mail.attachments.length > 0,
    automatic: findAutomaticSign(mail, address),
  };
}

/** Plain text where there is some; what only HTML says, as Markdown. */
function toText({ text = "", html = "" }: Email): string {
  const plain = text.replaceAll("\r\n", "\n").replace(/\s+$/, "").replace(/^\n+/, "");
  if (plain.trim() !== "") return plain.toWellFormed();
  return html === "" ? "" : htmlToMarkdown(html, "about:blank").markdown.trim().toWellFormed();
}

function toReferences({ references = "", inReplyTo = "" }: Email): readonly string[] {
  const found = [...`${references} ${inReplyTo}`.matchAll(/<[!-;=?-~]{1,250}>/g)].map(([id]) => id);
  const each = [...new Set(found)];
  // The root and the newest matter: what stands between them is left out where there are too many.
  return each.length <= mostReferences ? each : [...each.slice(0, 1), ...each.slice(1 - mostReferences)];
}

function toId(text: string | undefined): string | undefined {
  const id = /<[!-;=?-~]+>/.exec(text ?? "")?.[0];
  return id === undefined || id.length > longestId ? undefined : id;
}

function toRecipients({ to = [], cc = [] }: Email): readonly string[] {
  return [...to, ...cc]
    .flatMap((each) => each.group ?? [each])
    .map(({ address }) => address.toLowerCase())
    .filter(isMailAddress)
    .slice(0, mostRecipients);
}

/** Where the empty line stands that ends the headers. */
function findBody(source: Uint8Array): number {
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  const end = bytes.indexOf("\r\n\r\n");
  return Math.min(end === -1 ? source.length : end + 4, largestHeaders);
}

function oneLine(text: string): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim()
    .toWellFormed();
}

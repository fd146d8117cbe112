import type { OutgoingFile, OutgoingReply } from "../channel.ts";
import type { EmailSettings } from "./config.ts";
import type { KnownMail } from "./threads.ts";
import { toHtml, toLiteralHtml } from "./to-html.ts";

export interface Draft {
  readonly to: string;
  readonly reply: OutgoingReply;
  /** The mail that it goes on from. */
  readonly answered: KnownMail | undefined;
  readonly messageId: string;
  readonly file?: OutgoingFile;
}

const longestSubject = 200;

/** The bytes of a mail, as they go over the wire. */
export async function composeMail(draft: Draft, settings: EmailSettings): Promise<Uint8Array> {
  const { to, reply, answered, messageId, file } = draft;
  const { default: MailComposer } = await import("nodemailer/lib/mail-composer");
  const isLiteral = reply.isLiteral === true;
  const composer = new MailComposer({
    from: settings.address,
    to: { name: "", address: to },
    subject: toSubject(answered, settings.subjectPrefix),
    messageId,
    ...(answered === undefined
      ? {}
      : { inReplyTo: answered.id, references: [...answered.references, answered.id] }),
    text: reply.text.toWellFormed(),
    html: isLiteral ? toLiteralHtml(reply.text) : toHtml(reply.text),
    headers: {
      // Whoever answers mail by itself must not answer this one (RFC 3834).
      "Auto-Submitted": reply.answers === undefined ? "auto-generated" : "auto-replied",
      "X-Auto-Response-Suppress": "All",
    },
    ...(file === undefined
      ? {}
      : {
          attachments: [
            { filename: file.name, contentType: file.mediaType, content: Buffer.from(file.bytes) },
          ],
        }),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return await composer.compile().build();
}

/** `Re:` once, in whichever language it stands there already. */
export function toSubject(answered: KnownMail | undefined, prefix: string): string {
  const subject = answered?.subject ?? "";
  if (subject === "") return answered === undefined ? "NanoClaw" : `${prefix}nanoclaw reply`;
  const whole = /^\s*(?:re|aw|sv|antw|odp|回复|答复)\s*(?:\[\d+\])?\s*[:：]/i.test(subject)
    ? subject
    : `${prefix}${subject}`;
  return whole.slice(0, longestSubject).toWellFormed();
}

/** The same for every try of a reply, and of no other installation that uses the address. */
export function toMessageId(key: string, salt: string, address: string): string {
  const hash = Bun.SHA256.hash(`${salt}\n${key}`, "hex").slice(0, 40);
  return `<nanoclaw.${hash}@${address.slice(address.lastIndexOf("@") + 1)}>`;
}

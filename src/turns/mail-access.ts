import { clean } from "../authority/taint.ts";
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import { AppError } from "../errors.ts";
import type { KeptMail } from "../mail/mailbox-reader.ts";
import type { MailPlace } from "../mail/mail-server.ts";
import { createMailTool, type FoundMail } from "../tools/mail/mail-tool.ts";
import { emailWords } from "../words/english/email.ts";
import type { MoreTools } from "./session-tools.ts";
import type { TurnParty } from "./turn-party.ts";

const dayMs = 24 * 60 * 60_000;

export interface MailAccessOptions {
  readonly mailbox: Config["tools"]["mailbox"];
  readonly clock: Clock;
}

/** The owner's own mailbox, for a group that he named. */
export function createMailAccess({ mailbox, clock }: MailAccessOptions): MoreTools {
  return (party) => [
    createMailTool({
      async search({ days, ...query }, signal) {
        seeMails(party());
        const { searchMailbox } = await import("../mail/mailbox-reader.ts");
        const since = new Date(clock.now() - days * dayMs);
        return (await searchMailbox(toPlace(mailbox), { ...query, since }, signal)).map(toFound);
      },
      async read(uid, signal) {
        seeMails(party());
        const { readFromMailbox } = await import("../mail/mailbox-reader.ts");
        const mail = await readFromMailbox(toPlace(mailbox), uid, signal);
        return mail === undefined
          ? undefined
          : { ...toFound(mail), to: mail.to, text: mail.text, quote: mail.quote };
      },
    }),
  ];
}

/** Before anything comes back: it is the owner's alone, and strangers wrote it. */
function seeMails({ taint }: TurnParty): void {
  taint.add({ ...clean, sawUntrusted: true, readPrivate: true });
}

function toFound({ uid, from, subject, date, isUnread }: KeptMail): FoundMail {
  return {
    uid,
    subject,
    date,
    isUnread,
    from: from.name === "" ? from.address : `${from.name} <${from.address}>`,
  };
}

function toPlace({
  imapHost,
  imapPort,
  imapUseSsl,
  imapUsername,
  imapPassword,
  caFile,
}: Config["tools"]["mailbox"]): MailPlace {
  if (imapHost === "" || imapUsername === "" || imapPassword === undefined) {
    throw new AppError("config", emailWords.noMailbox());
  }
  const server = {
    host: imapHost,
    port: imapPort,
    isTls: imapUseSsl,
    user: imapUsername,
    password: imapPassword,
  };
  return { server, caFile };
}

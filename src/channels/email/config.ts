import type { Config } from "../../config.ts";
import { AppError } from "../../errors.ts";
import { isMailAddress } from "../../mail/mail-address.ts";
import type { MailServer } from "../../mail/mail-server.ts";
import { emailWords } from "../../words/english/email.ts";

export interface EmailSettings {
  readonly imap: MailServer;
  readonly smtp: MailServer;
  readonly mailbox: string;
  /** Ours, in small letters. */
  readonly address: string;
  readonly caFile: string;
  readonly autoReplyEnabled: boolean;
  readonly pollMs: number;
  readonly markSeen: boolean;
  readonly maxBodyCharacters: number;
  readonly subjectPrefix: string;
  readonly separateThreads: boolean;
}

/** Throws `AppError("config")`: the owner has not agreed, or something in it could never work. */
export function readEmailSettings({ channels: { email } }: Config): EmailSettings {
  if (!email.consentGranted) throw new AppError("config", emailWords.noConsent());
  const missing = (["imapHost", "imapUsername", "imapPassword", "smtpHost"] as const).filter(
    (key) => email[key] === "" || email[key] === undefined,
  );
  const { imapPassword } = email;
  if (missing.length > 0 || imapPassword === undefined) {
    throw new AppError("config", emailWords.incomplete({ known: missing }));
  }
  if (!email.smtpUseTls && !email.smtpUseSsl) throw new AppError("config", emailWords.inTheClear());
  const address = (email.fromAddress || email.smtpUsername || email.imapUsername).trim().toLowerCase();
  if (!isMailAddress(address)) throw new AppError("config", emailWords.noAddress({ address }));
  return {
    imap: {
      host: email.imapHost,
      port: email.imapPort,
      isTls: email.imapUseSsl,
      user: email.imapUsername,
      password: imapPassword,
    },
    smtp: {
      host: email.smtpHost,
      port: email.smtpPort,
      isTls: email.smtpUseSsl,
      user: email.smtpUsername || email.imapUsername,
      password: email.smtpPassword ?? imapPassword,
    },
    mailbox: email.imapMailbox,
    address,
    caFile: email.caFile,
    autoReplyEnabled: email.autoReplyEnabled,
    pollMs: email.pollIntervalSeconds * 1000,
    markSeen: email.markSeen,
    maxBodyCharacters: email.maxBodyChars,
    subjectPrefix: email.subjectPrefix,
    separateThreads: email.separateThreads,
  };
}

import type { Config } from "../../config.ts";
import { AppError } from "../../errors.ts";
import type { Secret } from "../../secret.ts";
import { emailWords } from "../../words/english/email.ts";

/** Where one of the two servers stands. Nothing is ever said to it in the clear. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** From the first byte on, or after STARTTLS. */
  readonly isTls: boolean;
  readonly user: string;
  readonly password: Secret;
}

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
    throw new AppError("config", emailWords.incomplete({ keys: missing }));
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

/** One that can be written to. Narrower than what standards allow: what is left out is not seen on people's mail. */
export function isMailAddress(text: string): boolean {
  return text.length <= 254 && /^[^\s<>()[\]\\,;:"@/\p{Cc}]+@[^\s<>()[\]\\,;:"@/\p{Cc}]+$/u.test(text);
}

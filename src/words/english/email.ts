import { defineWords } from "../define-words.ts";

/** What mail servers say no to, and what in their part of the configuration cannot work. */
export const emailWords = defineWords("email", {
  noConsent: () => ({
    message: "The mailbox is not opened: nobody has agreed to that yet.",
    hint: "Whoever it belongs to agrees here, or with channels.email.consentGranted in the configuration:\n  nanoclaw channels add email",
  }),
  incomplete: ({ known }: { known: readonly string[] }) => ({
    message: `The mailbox cannot be opened: channels.email lacks ${known.join(", ")}.`,
    hint: "This asks for all of it:\n  nanoclaw channels add email",
  }),
  inTheClear: () => ({
    message: "channels.email would send the password in the clear: smtpUseTls and smtpUseSsl are both false.",
    hint: "Set smtpUseSsl for port 465, or smtpUseTls for port 587.",
  }),
  noAddress: ({ address }: { address: string }) => ({
    message: `This is no mail address that could be written from: ${address}`,
    hint: "Set channels.email.fromAddress, as NAME@HOST.",
  }),
  noServer: ({ text }: { text: string }) => ({
    message: `This is no server: ${text}`,
    hint: "Write its name, with a port where it is not the usual one: imap.example.com:993",
  }),
  noAuthority: ({ path }: { path: string }) => ({
    message: `There is no certificate in the file that channels.email.caFile names: ${path}`,
    hint: 'Write the path of a file that holds "-----BEGIN CERTIFICATE-----", or take the line out.',
  }),
  passwordRefused: ({ host, reason }: { host: string; reason: string }) => ({
    message: `The mail server ${host} does not take the name or the password: ${reason}.`,
    hint: "Many providers want an app password, made in the settings of the account. Then:\n  nanoclaw channels add email",
  }),
  untrusted: ({ host, reason }: { host: string; reason: string }) => ({
    message: `The certificate of the mail server ${host} is not to be trusted: ${reason}.`,
    hint: "Is the name of the server right? If it signs its own, save its certificate and name the file in channels.email.caFile.",
  }),
  noTls: ({ host }: { host: string }) => ({
    message: `The mail server ${host} speaks no TLS at this port, and nothing is said to it in the clear.`,
    hint: "Ports that do: 993 or 143 for IMAP, 465 (smtpUseSsl) or 587 for SMTP.",
  }),
  notReached: ({ host, reason }: { host: string; reason: string }) => ({
    message: `The mail server ${host} cannot be reached: ${reason}.`,
    hint: "It is tried again. Check its name and port in channels.email.",
  }),
  connectionLost: () => ({
    message: "The mail server no longer answers.",
    hint: "It is asked again by itself.",
  }),
  repliesAreOff: () => ({
    message: "Mails are not answered: channels.email.autoReplyEnabled is false.",
    hint: "To have them answered:\n  nanoclaw config set channels.email.autoReplyEnabled true",
  }),
  noFile: ({ reason }: { reason: string }) => ({
    message: `The file could not be fetched from the mailbox: ${reason}.`,
    hint: "Send it again.",
  }),
  fileTooLarge: ({ megabytes }: { megabytes: number }) => ({
    message: `The file is larger than the ${megabytes} MB that most mail servers pass on.`,
    hint: "Send it in parts, or put it into a folder that the assistant may see.",
  }),
  noMailbox: () => ({
    message: "Your own mailbox cannot be read: tools.mailbox lacks imapHost, imapUsername or imapPassword.",
    hint: "docs/channels/email.md says how to grant it; to take it back:\n  nanoclaw config set tools.mailbox.groups []",
  }),
  noPassword: () => ({
    message: "There is no password.",
    hint: "Type it, or pipe it in with --token-stdin.",
  }),
});

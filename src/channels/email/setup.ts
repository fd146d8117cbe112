import { AppError } from "../../errors.ts";
import { Secret } from "../../secret.ts";
import { emailWords } from "../../words/english/email.ts";
import type {
  ChannelSetup,
  CheckedAccount,
  SetupNote,
  SetupPart,
  SetupPlace,
  SetupQuestion,
  SetupSecret,
} from "../setup.ts";
import { isMailAddress } from "../../mail/mail-address.ts";
import { readEmailSettings } from "./config.ts";
import { openFolder, openImap, toImapError } from "../../mail/open-imap.ts";
import { findServers } from "./servers.ts";
import { checkSubmission } from "./submit.ts";
import { beginWatch } from "./watch.ts";

const address: SetupQuestion = {
  ask: (part) =>
    [
      "Give the assistant a mailbox of its own: what arrives there it reads and answers.",
      "",
      `Address of the mailbox${suggest(part["imapUsername"])}: `,
    ].join("\n"),
  parse(text, part) {
    const typed = text || toText(part["imapUsername"]);
    if (!isMailAddress(typed)) throw new AppError("usage", emailWords.noAddress({ address: typed }));
    const isNew = typed !== part["imapUsername"];
    return { imapUsername: typed, fromAddress: typed, ...(isNew ? findServers(typed) : {}) };
  },
};

const incoming: SetupQuestion = {
  ask: (part) => `IMAP server${suggest(toPlace(part["imapHost"], part["imapPort"]))}: `,
  parse(text, part) {
    const { host, port } = parsePlace(text || toPlace(part["imapHost"], part["imapPort"]), 993);
    return { imapHost: host, imapPort: port, imapUseSsl: port !== 143 };
  },
};

const outgoing: SetupQuestion = {
  ask: (part) => `SMTP server${suggest(toPlace(part["smtpHost"], part["smtpPort"]))}: `,
  parse(text, part) {
    const { host, port } = parsePlace(text || toPlace(part["smtpHost"], part["smtpPort"]), 465);
    return { smtpHost: host, smtpPort: port, smtpUseSsl: port === 465, smtpUseTls: true };
  },
};

const writers: SetupQuestion = {
  ask: (part) =>
    [
      "Who may write to it? Addresses, or @example.com for all of a domain, with commas between.",
      "Anybody can write under any address: whoever writes by mail is a guest, never the owner.",
      "",
      `Addresses${suggest(toList(part["allowFrom"]).join(", "))}: `,
    ].join("\n"),
  parse(text, part) {
    const entries = text === "" ? toList(part["allowFrom"]) : text.split(/[\s,;]+/).filter(Boolean);
    const wrong = entries.find(
      (entry) => entry !== "*" && !isMailAddress(entry.startsWith("@") ? `x${entry}` : entry),
    );
    if (wrong !== undefined) throw new AppError("usage", emailWords.noAddress({ address: wrong }));
    return { allowFrom: entries };
  },
};

const consent: SetupQuestion = {
  ask: () => 'The assistant will read this mailbox and send mails from it. Type "yes" if you agree: ',
  parse(text) {
    if (!/^(?:y|yes|ja|oui|si|是|同意)$/i.test(text)) throw new AppError("cancelled", emailWords.noConsent());
    return { consentGranted: true };
  },
};

const password: SetupSecret = {
  name: "EMAIL_PASSWORD",
  key: "imapPassword",
  label: "Password",
  steps: `Its password. Where you log in with a second step (Gmail, iCloud, Yahoo, Fastmail …), make an app password in the
settings of the account and type that one.

`,
  parse(text) {
    const typed = text.replace(/[\r\n]+$/, "");
    if (typed.trim() === "") throw new AppError("usage", emailWords.noPassword());
    return new Secret(typed);
  },
};

export const emailSetup: ChannelSetup = {
  questions: [address, incoming, outgoing, writers, consent],
  secrets: [password],
  check: checkMailbox,
  removes: ["consentGranted"],
};

const answersNobody: SetupNote = {
  name: "answers-nobody",
  says: "Nobody may write to it yet. To let somebody: nanoclaw config set channels.email.allowFrom '[\"anna@example.com\"]'",
};
const pollsOnly: SetupNote = {
  name: "polls",
  says: "The server does not say when something arrives: it is asked every channels.email.pollIntervalSeconds.",
};

async function checkMailbox({ config, clock }: SetupPlace, signal: AbortSignal): Promise<CheckedAccount> {
  const settings = readEmailSettings(config);
  const place = { server: settings.imap, caFile: settings.caFile };
  const client = await openImap(place, signal);
  const hasIdle = client.capabilities.has("IDLE");
  await openFolder(client, settings.mailbox, { readOnly: true })
    .catch((error: unknown) => {
      throw toImapError(error, settings.imap.host);
    })
    .finally(() => client.close());
  await checkSubmission({ server: settings.smtp, caFile: settings.caFile }, signal);
  const notes = [
    ...(config.channels.email.allowFrom.length === 0 ? [answersNobody] : []),
    ...(hasIdle ? [] : [pollsOnly]),
  ];
  return {
    address: settings.address,
    name: `${settings.imap.host}, ${settings.smtp.host}`,
    notes,
    async begin(memory, stop) {
      const fresh = await openImap(place, stop);
      try {
        await openFolder(fresh, settings.mailbox, { readOnly: true });
        await beginWatch(fresh, memory, clock.now());
      } finally {
        fresh.close();
      }
    },
  };
}

function suggest(value: unknown): string {
  return toText(value) === "" ? "" : ` [${toText(value)}]`;
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function toList(value: SetupPart[string]): readonly string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}

function toPlace(host: unknown, port: unknown): string {
  return toText(host) === "" ? "" : `${toText(host)}:${Number(port)}`;
}

function parsePlace(text: string, fallback: number): { readonly host: string; readonly port: number } {
  const [, host = "", port] = /^([\w.-]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const number = port === undefined ? fallback : Number(port);
  if (host === "" || number < 1 || number > 65_535)
    throw new AppError("usage", emailWords.noServer({ text }));
  return { host, port: number };
}

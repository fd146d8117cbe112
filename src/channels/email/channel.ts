import type { ImapFlow } from "imapflow";
import { AppError } from "../../errors.ts";
import { emailWords } from "../../words/english/email.ts";
import type {
  Channel,
  ChannelSetting,
  OutgoingFile,
  OutgoingReply,
  Receiver,
  SendResult,
} from "../channel.ts";
import { toCorrespondent } from "./address.ts";
import { composeMail, toMessageId } from "./compose.ts";
import { readEmailSettings } from "./config.ts";
import { fetchMail } from "../../mail/fetch-mail.ts";
import { fetchFile, largestFile, listFiles } from "./files.ts";
import type { MailPlace } from "../../mail/mail-server.ts";
import { openFolder, openImap, toImapError } from "../../mail/open-imap.ts";
import { untilClosed } from "../../mail/until-closed.ts";
import { readMail } from "../../mail/read-mail.ts";
import { submitMail } from "./submit.ts";
import { Threads } from "./threads.ts";
import { toMessage } from "./to-message.ts";
import { usualPace, type MailPace } from "./pace.ts";
import { beginWatch, watchMailbox, type ArrivedMail } from "./watch.ts";

/** A mail has no end that servers agree on; a reply of this length is read by nobody. */
const longestText = 100_000;
/** Of a mail that comes: its headers and its words. What hangs on it is fetched when a turn asks for it. */
const longestBeginning = 512 * 1024;
const saltKey = "salt";
const mostListings = 3;

/** A mailbox of the assistant's own: who writes to it is answered from there. Nobody proves who he is by mail. */
export function createEmailChannel(
  setting: ChannelSetting,
  pace: MailPace = usualPace,
  lookup?: MailPlace["lookup"],
): Channel {
  const { clock, log, memory } = setting;
  const settings = readEmailSettings(setting.config);
  const { address, caFile, markSeen } = settings;
  const common = { caFile, ...(lookup === undefined ? {} : { lookup }) };
  const imap: MailPlace = { ...common, server: settings.imap };
  const smtp: MailPlace = { ...common, server: settings.smtp };
  const threads = new Threads(memory);
  let current: ImapFlow | undefined;
  /** The mail whose parts are being listed, and how often that ended the connection. */
  let listing = { uid: 0, times: 0 };

  async function take(client: ImapFlow, receiver: Receiver, { uid, arrivedAt }: ArrivedMail): Promise<void> {
    const source = { start: 0, maxLength: longestBeginning };
    const bytes = (await fetchMail(client, uid, { source }))?.source;
    const mail = bytes === undefined ? undefined : await readMail(bytes);
    const why =
      mail === undefined ? "nobody to answer" : mail.from.address === address ? "our own" : mail.automatic;
    if (mail === undefined || bytes === undefined || why !== undefined) {
      log.info("a mail is left out", { uid, why });
      return;
    }
    const mayHaveFiles = mail.hasParts || bytes.length >= longestBeginning;
    listing = { uid, times: listing.uid === uid ? listing.times + 1 : 1 };
    // One that cannot be listed must not stand in the way of all that follow.
    const isListed = mayHaveFiles && listing.times <= mostListings;
    const parts = isListed ? await fetchMail(client, uid, { bodyStructure: true }) : undefined;
    listing = { uid, times: 0 };
    const place = `${String(client.mailbox === false ? "" : client.mailbox.uidValidity)}:${uid}`;
    const files = listFiles(parts?.bodyStructure, place);
    const message = toMessage({ ...settings, mail, files, arrivedAt });
    const receipt = await receiver.receive(message);
    // Nothing that a stranger sends leaves a trace in the mailbox.
    if (receipt.type === "declined") return;
    await threads.see(message.chat, mail);
    if (markSeen) await untilClosed(client, client.messageFlagsAdd(String(uid), ["\\Seen"], { uid: true }));
  }

  async function findSalt(): Promise<string> {
    const known = await memory.read(saltKey);
    if (known !== undefined) return known;
    const fresh = crypto.randomUUID();
    await memory.write(saltKey, fresh);
    return fresh;
  }

  async function send(
    chat: string,
    reply: OutgoingReply,
    signal: AbortSignal,
    file?: OutgoingFile,
  ): Promise<SendResult> {
    if (signal.aborted) return { type: "not-sent", reason: "it was too late" };
    const { autoReplyEnabled } = settings;
    if (!autoReplyEnabled && reply.answers !== undefined) {
      return { type: "refused", reason: emailWords.repliesAreOff().message };
    }
    const to = toCorrespondent(chat);
    const answered = await threads.find(chat, reply.answers);
    const messageId = toMessageId(reply.key, await findSalt(), address);
    const draft = { to, reply, answered, messageId, ...(file === undefined ? {} : { file }) };
    const source = await composeMail(draft, settings);
    const mail = { from: address, to, source };
    const result = await submitMail(smtp, mail, pace, signal);
    return result.type === "sent" ? { ...result, platformId: messageId } : result;
  }

  return {
    name: "email",
    account: "default",
    traits: {
      authenticatesSenders: false,
      isIdempotent: false,
      maxCharacters: longestText,
      isThreaded: true,
    },
    async start(receiver, signal) {
      try {
        // Longer than it is listened to: then it is asked, and has to answer.
        const client = await openImap(imap, signal, pace.idleMs + pace.answerMs);
        const close = (): void => client.close();
        signal.addEventListener("abort", close, { once: true });
        try {
          await openFolder(client, settings.mailbox);
          await beginWatch(client, memory, clock.now());
          current = client;
          receiver.connected();
          const { pollMs } = settings;
          const work = {
            client,
            memory,
            clock,
            pollMs,
            pace,
            take: (mail: ArrivedMail) => take(client, receiver, mail),
          };
          await watchMailbox(work, signal);
        } finally {
          current = undefined;
          signal.removeEventListener("abort", close);
          client.close();
        }
      } catch (error) {
        if (!signal.aborted)
          throw error instanceof Error && "response" in error ? toImapError(error, imap.server.host) : error;
      }
    },
    send: (chat, reply, signal) => send(chat, reply, signal),
    history: {
      /** Many servers keep what they pass on; where none does, nobody can say whether a mail has left. */
      async has(_chat, { key }, signal) {
        const messageId = toMessageId(key, await findSalt(), address);
        return await findSent(imap, messageId, signal);
      },
    },
    files: {
      maxBytes: largestFile,
      async fetch(reference, signal) {
        signal.throwIfAborted();
        if (current === undefined)
          throw new AppError("network", emailWords.noFile({ reason: "there is no connection" }));
        const client = current;
        const bytes = await fetchFile(client, reference, largestFile).catch((error: unknown) => {
          signal.throwIfAborted();
          if (error instanceof AppError) throw error;
          throw new AppError("network", emailWords.noFile({ reason: "the connection was lost" }), {
            cause: error,
          });
        });
        return new Response(Uint8Array.from(bytes)).body ?? new ReadableStream();
      },
      async send(chat, reply, file, signal) {
        if (file.bytes.length > largestFile) {
          const { message } = emailWords.fileTooLarge({ megabytes: largestFile / 1_000_000 });
          return { type: "refused", reason: message };
        }
        return await send(chat, reply, signal, file);
      },
    },
  };
}

async function findSent(place: MailPlace, messageId: string, signal: AbortSignal): Promise<boolean> {
  const client = await openImap(place, signal);
  try {
    const kept = (await untilClosed(client, client.list())).filter(
      ({ specialUse }) => specialUse === "\\Sent" || specialUse === "\\All",
    );
    for (const { path } of kept) {
      await openFolder(client, path, { readOnly: true });
      const found = await untilClosed(
        client,
        client.search({ header: { "message-id": messageId } }, { uid: true }),
      );
      if (found !== false && found !== undefined && found.length > 0) return true;
    }
    return false;
  } catch (error) {
    signal.throwIfAborted();
    throw toImapError(error, place.server.host);
  } finally {
    client.close();
  }
}

import type { ImapFlow } from "imapflow";
import { AppError } from "../errors.ts";
import { fetchMail } from "./fetch-mail.ts";
import type { MailPlace } from "./mail-server.ts";
import { openFolder, openImap, toImapError } from "./open-imap.ts";
import { untilClosed } from "./until-closed.ts";
import { readMail, type Mail } from "./read-mail.ts";

export interface MailSearch {
  readonly words?: string;
  readonly from?: string;
  readonly since: Date;
  readonly isUnread: boolean;
  readonly limit: number;
}

export type KeptMail = Mail & { readonly uid: number; readonly isUnread: boolean };

const longestBeginning = 512 * 1024;
const longestHeaders = 64 * 1024;
const wholeMs = 60_000;

/** What stands in a mailbox, the newest first. It is opened to be read: nothing in it is changed. Throws `AppError`. */
export async function searchMailbox(
  place: MailPlace,
  search: MailSearch,
  signal: AbortSignal,
): Promise<readonly KeptMail[]> {
  return await withMailbox(place, signal, async (client) => {
    const { words, from, since, isUnread, limit } = search;
    const found = await untilClosed(
      client,
      client.search(
        {
          since,
          ...(words === undefined ? {} : { text: words }),
          ...(from === undefined ? {} : { from }),
          ...(isUnread ? { seen: false } : {}),
        },
        { uid: true },
      ),
    );
    const uids = (found === false || found === undefined ? [] : found).toSorted((one, other) => other - one);
    const mails: KeptMail[] = [];
    for (const uid of uids.slice(0, limit)) {
      const mail = await readOne(client, uid, longestHeaders);
      if (mail !== undefined) mails.push(mail);
    }
    return mails;
  });
}

/** One of them. Undefined: it is there no more. */
export async function readFromMailbox(
  place: MailPlace,
  uid: number,
  signal: AbortSignal,
): Promise<KeptMail | undefined> {
  return await withMailbox(place, signal, (client) => readOne(client, uid, longestBeginning));
}

async function readOne(client: ImapFlow, uid: number, maxLength: number): Promise<KeptMail | undefined> {
  const fetched = await fetchMail(client, uid, { flags: true, source: { start: 0, maxLength } });
  const mail = fetched?.source === undefined ? undefined : await readMail(fetched.source);
  return mail === undefined ? undefined : { ...mail, uid, isUnread: fetched?.flags?.has("\\Seen") !== true };
}

async function withMailbox<T>(
  place: MailPlace,
  signal: AbortSignal,
  use: (client: ImapFlow) => Promise<T>,
): Promise<T> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(wholeMs)]);
  const client = await openImap(place, limit);
  const close = (): void => client.close();
  limit.addEventListener("abort", close, { once: true });
  try {
    await openFolder(client, "INBOX", { readOnly: true });
    return await use(client);
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof AppError ? error : toImapError(error, place.server.host);
  } finally {
    limit.removeEventListener("abort", close);
    client.close();
  }
}

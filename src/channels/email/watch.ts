import type { ImapFlow } from "imapflow";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import { emailWords } from "../../words/english/email.ts";
import type { ChannelMemory } from "../channel.ts";
import type { MailPace } from "./pace.ts";
import { fetchMail } from "../../mail/fetch-mail.ts";

/** How far a mailbox was read. */
interface Cursor {
  /** The server's word for this numbering. Another one, and the numbers mean nothing any more. */
  readonly validity: string;
  readonly uid: number;
  /** What arrived earlier is not ours: epoch milliseconds. */
  readonly began: number;
  /** When the last one arrived. */
  readonly last: number;
  /** Where the numbering began anew: what arrived earlier has been seen. */
  readonly since?: number;
}

export interface ArrivedMail {
  readonly uid: number;
  /** When it arrived there. */
  readonly arrivedAt: number;
}

const key = "cursor";

/** Where a mailbox ends now: nothing that is in it already is answered. */
export async function beginWatch(client: ImapFlow, memory: ChannelMemory, now: number): Promise<void> {
  if ((await readCursor(memory)) !== undefined) return;
  const { validity, next } = describe(client);
  await write(memory, { validity, uid: next - 1, began: now, last: now });
}

/** Hands over what arrives, the oldest first, each once it is its turn; only then is it known as read. */
export async function watchMailbox(
  { client, memory, clock, pollMs, pace, take }: Watch,
  signal: AbortSignal,
): Promise<void> {
  const lost = Promise.withResolvers<never>();
  lost.promise.catch(() => {});
  let news = Promise.withResolvers<void>();
  const onNews = (): void => news.resolve();
  const onClose = (): void => lost.reject(new AppError("network", emailWords.connectionLost()));
  client.on("exists", onNews);
  client.on("close", onClose);
  if (!client.usable) onClose();
  const orLost = async <T>(work: Promise<T>): Promise<T> => await Promise.race([work, lost.promise]);
  const hasIdle = client.capabilities.has("IDLE");
  try {
    for (;;) {
      news = Promise.withResolvers();
      await orLost(takeNew({ client, memory, take }, signal));
      if (hasIdle) void client.idle().then(onNews, onNews);
      const waitMs = hasIdle ? pace.idleMs : Math.min(pollMs, pace.idleMs);
      await orLost(within(news.promise, { clock, ms: waitMs }, signal));
      // It must answer now: a connection that was forgotten on the way stays silent.
      if (!(await orLost(within(client.noop(), { clock, ms: pace.answerMs }, signal)))) onClose();
    }
  } finally {
    client.off("exists", onNews);
    client.off("close", onClose);
  }
}

export interface Watch extends Taking {
  readonly clock: Clock;
  readonly pollMs: number;
  readonly pace: Pick<MailPace, "idleMs" | "answerMs">;
}

interface Taking {
  readonly client: ImapFlow;
  readonly memory: ChannelMemory;
  readonly take: (mail: ArrivedMail) => Promise<void>;
}

async function takeNew({ client, memory, take }: Taking, signal: AbortSignal): Promise<void> {
  const cursor = await findCursor(client, memory);
  const { since } = cursor;
  let { last } = cursor;
  const range = { uid: `${cursor.uid + 1}:*` };
  const query = since === undefined ? range : { ...range, since: new Date(since - dayMs) };
  const found = await client.search(query, { uid: true });
  // The last one is named by such a range even where it is not in it.
  const uids = (found === false || found === undefined ? [] : found).filter((uid) => uid > cursor.uid);
  for (const uid of uids.toSorted((one, other) => one - other)) {
    signal.throwIfAborted();
    const dated = await fetchMail(client, uid, { internalDate: true });
    // Somebody may have deleted it meanwhile.
    const arrivedAt = dated === undefined ? undefined : new Date(dated.internalDate ?? 0).getTime();
    if (arrivedAt !== undefined && arrivedAt >= (since ?? 0)) await take({ uid, arrivedAt });
    last = Math.max(last, arrivedAt ?? 0);
    await write(memory, Object.assign({}, cursor, { uid, last }));
  }
}

const dayMs = 24 * 60 * 60_000;
/** Of a mailbox that was numbered anew: so much before the last one that was read is looked at once more. */
const overlapMs = 2 * dayMs;
/** The server's clock may be a little behind ours. */
const graceMs = 60_000;

/** Numbers of another numbering are none: what was read is then known by the mails' own names. */
async function findCursor(client: ImapFlow, memory: ChannelMemory): Promise<Cursor> {
  const { validity, next } = describe(client);
  const cursor = (await readCursor(memory)) ?? { validity, uid: next - 1, began: 0, last: 0 };
  if (cursor.validity === validity) return cursor;
  return { ...cursor, validity, uid: 0, since: Math.max(cursor.began - graceMs, cursor.last - overlapMs) };
}

function describe({ mailbox }: ImapFlow): { readonly validity: string; readonly next: number } {
  if (mailbox === false) throw new AppError("network", emailWords.connectionLost());
  return { validity: String(mailbox.uidValidity), next: mailbox.uidNext };
}

/** Whether it was done in time. */
async function within(
  work: Promise<void>,
  { clock, ms }: { readonly clock: Clock; readonly ms: number },
  signal: AbortSignal,
): Promise<boolean> {
  const over = new AbortController();
  const timer = clock.sleep(ms, AbortSignal.any([signal, over.signal])).then(
    () => false,
    () => false,
  );
  try {
    const isDone = await Promise.race([work.then(() => true), timer]);
    signal.throwIfAborted();
    return isDone;
  } finally {
    over.abort();
  }
}

async function readCursor(memory: ChannelMemory): Promise<Cursor | undefined> {
  const text = await memory.read(key);
  if (text === undefined) return undefined;
  const value: unknown = JSON.parse(text);
  return isCursor(value) ? value : undefined;
}

async function write(memory: ChannelMemory, cursor: Cursor): Promise<void> {
  await memory.write(key, JSON.stringify(cursor));
}

function isCursor(value: unknown): value is Cursor {
  return (
    typeof value === "object" &&
    value !== null &&
    "validity" in value &&
    "uid" in value &&
    "began" in value &&
    "last" in value
  );
}

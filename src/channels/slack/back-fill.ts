import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import { toFields, toList, toText, type Fields } from "./fields.ts";
import type { SeenPlace } from "./seen.ts";
import type { Parameters, WebApi } from "./web-api.ts";

export interface BackFillOptions {
  readonly api: WebApi;
  readonly clock: Clock;
  readonly log: Log;
  /** A message as an event would have brought it. Resolves when it is on disk. */
  readonly take: (event: Fields) => Promise<void>;
}

export interface Missed {
  /** The conversations and threads that are known, the newest first. */
  readonly places: readonly SeenPlace[];
  /** Until when somebody listened, epoch milliseconds. */
  readonly until: number;
}

/** What is older is not answered any more. */
const longestMs = 24 * 60 * 60_000;
/** In less than that nobody begins a new conversation, and Slack brings what was written in the others by itself. */
const shortMs = 10_000;
/** Two clocks may differ. */
const marginMs = 5000;
const mostPlaces = 30;
const mostListed = 200;
const pageSize = 200;
const mostPages = 5;
const mostWaitMs = 60_000;

/**
 * What was written while nobody listened. Slack sends again what was not acknowledged, three times within minutes; what it gave
 * up is read from its history. What cannot be read is told to the log: it may have been missed.
 */
export async function fetchMissed(
  options: BackFillOptions,
  { places, until }: Missed,
  signal: AbortSignal,
): Promise<void> {
  const { clock, log } = options;
  const earliest = Math.max(until - marginMs, clock.now() - longestMs);
  const known = places.slice(0, mostPlaces).map((place) => ({
    ...place,
    oldest:
      Number(place.time) * 1000 >= clock.now() - longestMs ? place.time : toTime(clock.now() - longestMs),
  }));
  const isLong = clock.now() - until > shortMs;
  const listed = isLong ? await listConversations(options, signal) : [];
  const isKnown = new Set(places.map(({ channel, thread }) => (thread === undefined ? channel : undefined)));
  const fresh = listed
    .filter((channel) => !isKnown.has(channel))
    .map((channel) => ({ channel, oldest: toTime(earliest) }));
  const unread: string[] = [];
  for (const place of [...known, ...fresh]) {
    const isRead = await readPlace(options, place, signal);
    if (!isRead) unread.push(place.channel);
  }
  if (unread.length > 0) {
    log.warn("what was written while nobody listened could not be read everywhere and may have been missed", {
      chats: [...new Set(unread)].slice(0, 20).join(" "),
      since: new Date(until).toISOString(),
    });
  }
}

interface UnreadPlace {
  readonly channel: string;
  readonly thread?: string;
  readonly oldest: string;
}

async function readPlace(
  options: BackFillOptions,
  { channel, thread, oldest }: UnreadPlace,
  signal: AbortSignal,
): Promise<boolean> {
  const where = thread === undefined ? { channel } : { channel, ts: thread };
  const method = thread === undefined ? "conversations.history" : "conversations.replies";
  const parameters = { ...where, oldest, limit: String(pageSize) };
  const pages = await readPages(options, method, parameters, signal);
  const messages = (pages ?? [])
    .flatMap((page) => toList(page["messages"]))
    // A thread is told with what it is below.
    .filter(({ ts }) => ts !== thread && Number(ts) > Number(oldest))
    .toSorted((one, other) => Number(one["ts"]) - Number(other["ts"]));
  for (const message of messages) {
    await options.take({ ...message, type: "message", channel });
    const latest = toText(message["latest_reply"]);
    if (thread !== undefined || latest === undefined) continue;
    const replies = { channel, thread: String(message["ts"]), oldest };
    if (!(await readPlace(options, replies, signal))) return false;
  }
  return pages !== undefined;
}

async function listConversations(options: BackFillOptions, signal: AbortSignal): Promise<readonly string[]> {
  const parameters = {
    types: "im,mpim,public_channel,private_channel",
    exclude_archived: "true",
    limit: "200",
  };
  const pages = await readPages(options, "users.conversations", parameters, signal);
  return (pages ?? [])
    .flatMap((page) => toList(page["channels"]))
    .flatMap(({ id }) => toText(id) ?? [])
    .slice(0, mostListed);
}

/** Undefined: Slack says no, or cannot be asked. Waits that are asked for are kept. */
async function readPages(
  { api, clock }: BackFillOptions,
  method: string,
  parameters: Parameters,
  signal: AbortSignal,
): Promise<readonly Fields[] | undefined> {
  const pages: Fields[] = [];
  let cursor: string | undefined;
  for (let waits = 0; pages.length < mostPages;) {
    const answer = await api.call(method, cursor === undefined ? parameters : { ...parameters, cursor }, {
      signal,
    });
    signal.throwIfAborted();
    if (answer.type === "wait" && answer.ms <= mostWaitMs && waits < mostPages) {
      waits += 1;
      await clock.sleep(answer.ms, signal);
      continue;
    }
    if (answer.type !== "ok") return undefined;
    pages.push(answer.result);
    cursor = toText(toFields(answer.result["response_metadata"])["next_cursor"]);
    if (cursor === undefined) break;
  }
  return pages;
}

function toTime(ms: number): string {
  return `${Math.floor(ms / 1000)}.000000`;
}

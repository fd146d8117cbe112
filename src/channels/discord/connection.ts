import type { Clock } from "../../clock.ts";
import type { TextSocket } from "../../egress/text-socket.ts";
import { AppError } from "../../errors.ts";
import { discordWords } from "../../words/english/discord.ts";
import { parseFrame, type Dispatch, type Frame } from "./frame.ts";
import { toEnd, type ConnectionEnd } from "./close-codes.ts";

export interface ConnectionOptions {
  readonly socket: TextSocket;
  /** What is said first: who we are, or where we had stopped. */
  readonly opening: object;
  /** The last event that is on disk: what was told to Discord is not sent again. */
  readonly lastTaken: () => number | null;
  /** Resolves when the event is on disk. */
  readonly take: (event: Dispatch) => Promise<void>;
  /** Somebody waits for a sign of it: it is taken when it comes, before what came before it. */
  readonly isUrgent: (event: Dispatch) => boolean;
  /** It and all before it are on disk. */
  readonly onTaken: (event: Dispatch) => void;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
}

const helloMs = 20_000;
/** What waits to be taken: a program that is slower than that hears the rest of it again. */
const mostWaiting = 10_000;

type Waiting =
  | { readonly event: Dispatch; readonly taken?: Promise<void> }
  | { readonly end: ConnectionEnd }
  | { readonly error: Error };

/**
 * One connection to the gateway, until it ends. Events are taken one after the other; that Discord is there still is asked
 * all the while. Throws what `take` throws, and `AppError` where another connection would fare no better at once.
 */
export async function runConnection(options: ConnectionOptions, signal: AbortSignal): Promise<ConnectionEnd> {
  const { socket } = options;
  const over = new AbortController();
  const limit = AbortSignal.any([signal, over.signal]);
  const hangUp = (): void => socket.close(keepsSession);
  signal.addEventListener("abort", hangUp, { once: true });
  const queue = new EventQueue();
  const heart = new Heart(options, queue);
  const listening = listen(options, queue, heart);
  const beating = heart.beat(limit);
  try {
    return await takeAll(options, queue, signal);
  } finally {
    over.abort();
    hangUp();
    signal.removeEventListener("abort", hangUp);
    await Promise.all([listening, beating]);
  }
}

/** After 1000 or 1001 Discord forgets where we had stopped. */
const keepsSession = 4000;

/** Until an end has come through the queue: what was heard before it is taken. */
async function takeAll(
  { take, onTaken }: ConnectionOptions,
  queue: EventQueue,
  signal: AbortSignal,
): Promise<ConnectionEnd> {
  for (;;) {
    const next = await queue.next();
    if (signal.aborted) return { type: "resume" };
    if ("error" in next) throw next.error;
    if ("end" in next) return next.end;
    await (next.taken ?? take(next.event));
    onTaken(next.event);
  }
}

/** Until nothing more comes; never rejects. */
async function listen(options: ConnectionOptions, queue: EventQueue, heart: Heart): Promise<void> {
  const { socket, opening } = options;
  for (let text = await socket.read(); text !== undefined; text = await socket.read()) {
    const frame = parseFrame(text);
    const open = (): void => socket.send(JSON.stringify(opening));
    if (frame === undefined || hear(frame, { ...options, queue, heart, open })) continue;
    socket.close(keepsSession);
    queue.push({ end: { type: "resume" } });
    return;
  }
  queue.push(toEnd(await socket.closed));
}

/** False: nothing more is to be heard on this connection. */
function hear(frame: Frame, { queue, heart, open, isUrgent, take }: Hearing): boolean {
  switch (frame.type) {
    case "hello":
      heart.begin(frame.intervalMs);
      open();
      return true;
    case "acknowledged":
      heart.isAnswered = true;
      return true;
    case "asked":
      heart.send();
      return true;
    case "reconnect":
      queue.push({ end: { type: "resume" } });
      return false;
    case "invalid":
      queue.push({ end: { type: frame.canResume ? "resume" : "anew" } });
      return false;
    case "event":
      heart.hasHeard = true;
      return queue.push(isUrgent(frame.event) ? takeAtOnce(frame.event, take) : { event: frame.event });
    default:
      return frame satisfies never;
  }
}

interface Hearing extends ConnectionOptions {
  readonly queue: EventQueue;
  readonly heart: Heart;
  readonly open: () => void;
}

/** That it failed is heard in its turn. */
function takeAtOnce(event: Dispatch, take: ConnectionOptions["take"]): Waiting {
  const taken = take(event);
  taken.catch(() => {});
  return { event, taken };
}

/** Asks whether Discord is there still. The first time at a moment of chance, so that not all that lost it ask at once. */
class Heart {
  readonly #options: ConnectionOptions;
  readonly #hello = Promise.withResolvers<number>();
  readonly #queue: EventQueue;
  isAnswered = true;
  hasHeard = false;

  constructor(options: ConnectionOptions, queue: EventQueue) {
    this.#options = options;
    this.#queue = queue;
  }

  begin(intervalMs: number): void {
    this.#hello.resolve(intervalMs);
  }

  send(): void {
    const { socket, lastTaken } = this.#options;
    socket.send(JSON.stringify({ op: 1, d: lastTaken() }));
  }

  /** Until the connection ends, or the other side is silent, which ends it. Never rejects. */
  async beat(signal: AbortSignal): Promise<void> {
    const { clock, random, socket } = this.#options;
    try {
      const late = clock.sleep(helloMs, signal).then(() => undefined);
      const intervalMs = await Promise.race([this.#hello.promise, late]);
      if (intervalMs !== undefined) {
        await clock.sleep(intervalMs * random(), signal);
        // A session of which nothing was heard by the second time has not begun, whatever is answered.
        for (let times = 0; this.isAnswered && (times < 2 || this.hasHeard); times++) {
          this.isAnswered = false;
          this.send();
          await clock.sleep(intervalMs, signal);
        }
      }
      this.#queue.push({ error: silent() });
      socket.close(keepsSession);
    } catch {
      // The end of the connection.
    }
  }
}

function silent(): AppError {
  return new AppError("network", discordWords.notReached({ reason: "it has gone silent" }));
}

class EventQueue {
  readonly #waiting: Waiting[] = [];
  #news = Promise.withResolvers<void>();

  /** False: more waits than may. */
  push(next: Waiting): boolean {
    this.#waiting.push(next);
    this.#news.resolve();
    return this.#waiting.length < mostWaiting;
  }

  async next(): Promise<Waiting> {
    for (;;) {
      const next = this.#waiting.shift();
      if (next !== undefined) return next;
      this.#news = Promise.withResolvers();
      await this.#news.promise;
    }
  }
}

import type { Clock } from "../clock.ts";
import { listNotices } from "../store/notices.ts";
import type { Store } from "../store/store.ts";
import type { DiskWatch } from "../notices/disk-watch.ts";
import type { GroupQueue } from "./group-queue.ts";
import type { Outbox } from "./outbox.ts";
import type { ChannelState } from "./supervise.ts";

export interface Health {
  readonly isLive: true;
  /** It can take a message and keep it. */
  readonly isReady: boolean;
  readonly channels: Readonly<Record<string, ChannelState>>;
  readonly turns: { readonly running: number; readonly waiting: number };
  readonly chatsWithReplies: number;
  /** How long the process took to come to something that was due at once. */
  readonly delayMs: number;
  readonly memoryMb: number;
  readonly problems: readonly string[];
}

export interface HealthSources {
  readonly store: Store;
  readonly clock: Clock;
  readonly channels: ReadonlyMap<string, ChannelState>;
  readonly queue: GroupQueue;
  readonly outbox: Outbox;
  readonly disk: DiskWatch;
}

/** Asks the disk whether it takes a write, now: the only way to know. */
export async function readHealth(sources: HealthSources, isStopping: boolean): Promise<Health> {
  const { clock, channels, queue, outbox, disk } = sources;
  const began = clock.monotonic();
  await new Promise((resolve) => setImmediate(resolve));
  const delayMs = Math.round((clock.monotonic() - began) * 10) / 10;
  const problem = (await disk.tryToWrite())?.message;
  const down = [...channels].filter(([, { state }]) => state === "down");
  return {
    isLive: true,
    isReady: problem === undefined && !isStopping,
    channels: Object.fromEntries(channels),
    turns: { running: queue.runningCount, waiting: queue.waitingCount },
    chatsWithReplies: outbox.openChats,
    delayMs,
    memoryMb: Math.round(process.memoryUsage().rss / 1e6),
    problems: [
      ...(problem === undefined ? [] : [problem]),
      ...(isStopping ? ["it is being stopped"] : []),
      ...down.map(([name, { reason = "it is down" }]) => `${name}: ${reason}`),
      ...(problem === undefined ? await readNotices(sources) : []),
    ],
  };
}

/** What the owner was told, or will be: what is so now, and what has passed within a day. */
async function readNotices({ store, clock, channels }: HealthSources): Promise<string[]> {
  const notices = await listNotices(store.database, clock.now() - dayMs);
  // How a channel is stands there already.
  const known = new Set([...channels.keys()].map((name) => `channel:${name}`));
  return notices.flatMap(({ subject, said }) => (known.has(subject) ? [] : [said.message]));
}

const dayMs = 24 * 60 * 60_000;

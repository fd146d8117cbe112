import { statfs } from "node:fs/promises";
import type { Clock } from "../clock.ts";
import { explain } from "../errors.ts";
import type { Store } from "../store/store.ts";
import { storeWords } from "../words/english/store.ts";
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
}

/** Asks the disk whether it takes a write, now: the only way to know. */
export async function readHealth(sources: HealthSources, isStopping: boolean): Promise<Health> {
  const { store, clock, channels, queue, outbox } = sources;
  const began = clock.monotonic();
  await new Promise((resolve) => setImmediate(resolve));
  const delayMs = Math.round((clock.monotonic() - began) * 10) / 10;
  const problem = await tryToWrite(store);
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
    ],
  };
}

/** Below this a message may not fit, though a write of a few bytes still does. */
const leastFreeBytes = 1_000_000;

async function tryToWrite({ database, folder, file }: Store): Promise<string | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize < leastFreeBytes) return storeWords.full({ file }).message;
    await database.transaction((tx) => tx.run("UPDATE gateway SET started_at = started_at"));
    return undefined;
  } catch (error) {
    return explain(error).message;
  }
}

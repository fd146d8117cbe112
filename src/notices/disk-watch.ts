import { statfs } from "node:fs/promises";
import type { Clock } from "../clock.ts";
import { explain } from "../errors.ts";
import type { Store } from "../store/store.ts";
import { storeWords } from "../words/english/store.ts";
import type { Saying } from "../words/define-words.ts";
import type { OwnerNotices } from "./owner-notices.ts";

export interface DiskWatchOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly notices: OwnerNotices;
  /** Of the disk on which the folder lies. */
  readonly readFreeBytes?: (folder: string) => Promise<number>;
}

/** Below this a message may not fit, though a write of a few bytes still does. */
const leastFreeBytes = 1_000_000;
/** From here on it is well again: not so near that the next message makes it ill. */
const wellBytes = 8_000_000;
/** Nothing tells when somebody makes room: looked at only as long as there is none. */
const lookMs = 60_000;

/** A disk that takes nothing more is told, and that it does again. */
export class DiskWatch implements AsyncDisposable {
  readonly #options: DiskWatchOptions;
  readonly #stop = new AbortController();
  #work: Promise<void> | undefined;

  constructor(options: DiskWatchOptions) {
    this.#options = options;
  }

  /** A write found no room. */
  noteFull(): void {
    this.#work ??= this.#waitForRoom().finally(() => (this.#work = undefined));
  }

  /** Whether the disk takes a write, now: only trying tells. What is in the way, if something is. */
  async tryToWrite(): Promise<Saying | undefined> {
    const { store, readFreeBytes = askSystem } = this.#options;
    const { database, folder, file } = store;
    try {
      if ((await readFreeBytes(folder)) < leastFreeBytes) {
        this.noteFull();
        return storeWords.full({ file });
      }
      await database.transaction((tx) => tx.run("UPDATE gateway SET started_at = started_at"));
      return undefined;
    } catch (error) {
      return explain(error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#work;
  }

  /** Never rejects. */
  async #waitForRoom(): Promise<void> {
    const { store, clock, notices } = this.#options;
    const signal = this.#stop.signal;
    void notices.raise({ kind: "disk", id: "data", said: storeWords.full(store) });
    for (;;) {
      try {
        await clock.sleep(lookMs, signal);
      } catch {
        return;
      }
      if (await this.#hasRoom()) return void notices.settle("disk", "data");
    }
  }

  async #hasRoom(): Promise<boolean> {
    const { store, readFreeBytes = askSystem } = this.#options;
    try {
      if ((await readFreeBytes(store.folder)) < wellBytes) return false;
    } catch {
      return false;
    }
    return (await this.tryToWrite()) === undefined;
  }
}

async function askSystem(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

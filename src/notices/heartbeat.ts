import { readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import type { Clock } from "../clock.ts";
import { systemCode } from "../errors.ts";
import type { Log } from "../log.ts";
import { noticeWords } from "../words/english/notice.ts";
import type { OwnerNotices } from "./owner-notices.ts";
import { endedWord } from "./was-asked-to-end.ts";

export interface HeartbeatOptions {
  /** A file of its own; its time is when the gateway was last seen alive. */
  readonly path: string;
  /** Which start of the machine this is; empty where the system doesn't say. */
  readonly bootId: string;
  /** Aborts when the gateway is told to end: that is written down at once, for whoever loses patience kills it. */
  readonly ending: AbortSignal;
  readonly clock: Clock;
  readonly notices: OwnerNotices;
  readonly log: Log;
}

const beatMs = 60_000;
/** Whoever is away for less is not missed. */
const patienceMs = 10 * 60_000;

/**
 * Writes down once a minute that the gateway lives, and tells the owner when it did not: it had died, the machine was off, or it slept.
 * An end in good order while the machine stays on is somebody's wish and is not told.
 */
export function keepHeartbeat(options: HeartbeatOptions): AsyncDisposable {
  const stop = new AbortController();
  const work = beat(options, AbortSignal.any([stop.signal, options.ending]));
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await work;
    },
  };
}

/** Never rejects. */
async function beat(options: HeartbeatOptions, signal: AbortSignal): Promise<void> {
  const { path, clock, log } = options;
  try {
    const last = readLastBeat(options);
    // On disk before our own first beat: ended in between, the next start finds the same gap and the same notice.
    if (last !== undefined) await Promise.race([tellGap(last, "away", options), aborted(signal)]);
    let [at, monotonic] = [clock.now(), clock.monotonic()];
    if (!signal.aborted) write(path, alive, at);
    while (!signal.aborted) {
      await clock.sleep(beatMs, signal).catch(() => {});
      // The clock on the wall goes on while the machine sleeps, and ours stands still.
      const hasRun = clock.monotonic() - monotonic < patienceMs;
      void tellGap(at, hasRun ? "slept" : "away", options);
      [at, monotonic] = [clock.now(), clock.monotonic()];
      write(path, alive, at);
    }
    write(path, toEnded(options), at);
  } catch (error) {
    log.warn("that the gateway lives can no longer be written down", { error });
  }
}

async function tellGap(
  from: number,
  kind: "away" | "slept",
  { clock, notices }: HeartbeatOptions,
): Promise<void> {
  const to = clock.now();
  if (to - from < patienceMs + beatMs) return;
  const said = noticeWords[kind]({ from: notices.format(from), to: notices.format(to) });
  // By its beginning: the same gap is the same notice, whoever finds it.
  await notices.raise({ kind: "away", id: from, said, since: to });
}

/** When an earlier gateway was last seen alive; undefined when there was none, or it was meant to end. */
function readLastBeat(options: HeartbeatOptions): number | undefined {
  const { path } = options;
  try {
    return readFileSync(path, "utf8") === toEnded(options) ? undefined : Math.round(statSync(path).mtimeMs);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

const alive = "alive\n";

/** What ended in good order with the machine itself was nobody's wish: the next start of the machine reads another word. */
function toEnded({ bootId }: HeartbeatOptions): string {
  return `${endedWord} ${bootId}\n`;
}

function write(path: string, text: string, at: number): void {
  writeFileSync(path, text, { mode: 0o600 });
  utimesSync(path, new Date(at), new Date(at));
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

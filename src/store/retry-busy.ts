import type { Clock } from "../clock.ts";
import { isBusy } from "./store-error.ts";

const firstWaitMs = 2;
const longestWaitMs = 100;

export interface BusyOptions {
  readonly clock: Clock;
  /** How long to wait for the lock in all. */
  readonly deadlineMs: number;
}

/** Runs `attempt` until no other connection is in its way. The event loop runs on meanwhile. */
export async function retryWhileBusy<T>(
  attempt: () => T | Promise<T>,
  { clock, deadlineMs }: BusyOptions,
  signal: AbortSignal,
): Promise<T> {
  const started = clock.monotonic();
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isBusy(error) || clock.monotonic() - started + waitMs > deadlineMs) throw error;
    }
    await clock.sleep(waitMs, signal);
  }
}

import type { Clock } from "../clock.ts";
import { isProcessAlive, type IsAlive } from "./holder.ts";
import type { GroupId } from "./ids.ts";
import { findLease } from "./leases.ts";
import type { Store } from "./store.ts";
import { watchWrites } from "./watch-writes.ts";

export interface WaitForLeaseOptions {
  readonly clock: Clock;
  readonly isAlive?: IsAlive;
}

/** How soon a holder that died without a word is noticed. */
const livenessMs = 1_000;
const settleMs = 2;

/** Resolves when the group's lease may be tried for again: it was given back, or its holder has died. */
export async function waitForLease(
  store: Store,
  group: GroupId,
  { clock, isAlive = isProcessAlive }: WaitForLeaseOptions,
  signal: AbortSignal,
): Promise<void> {
  // Before the first look, so that nothing is given back unnoticed between look and wait.
  using writes = await watchWrites(store);
  for (let waitMs = livenessMs; ;) {
    signal.throwIfAborted();
    const lease = await findLease(store.database, group);
    if (lease === undefined || !isAlive(lease.holder)) return;
    // A write is seen before its commit is, so after one we look again soon, then less and less often.
    const hasWrite = await writes.next(waitMs, clock, signal);
    waitMs = hasWrite ? settleMs : Math.min(waitMs * 2, livenessMs);
  }
}

import type { Clock } from "../clock.ts";
import { isProcessAlive, type Holder } from "../store/holder.ts";
import type { Group } from "../store/groups.ts";
import { releaseLease, releaseOwnLease, takeLease } from "../store/leases.ts";
import type { Store } from "../store/store.ts";
import { waitForLease } from "../store/wait-for-lease.ts";

/** No turn of the group runs while this is held. */
export interface GroupLease extends AsyncDisposable {
  readonly epoch: number;
}

export interface LeaseRequest {
  readonly store: Store;
  readonly group: Group;
  readonly holder: Holder;
  readonly clock: Clock;
  /** Told when another process is at work in the group. */
  readonly onWait: (pid: number) => Promise<void>;
}

export async function holdGroup(
  { store, group, holder, clock, onWait }: LeaseRequest,
  signal: AbortSignal,
): Promise<GroupLease> {
  for (;;) {
    signal.throwIfAborted();
    const lease = await store.database.transaction(async (tx) => {
      await releaseOwnLease(tx, group.id, holder);
      return await takeLease(tx, group.id, holder, { now: clock.now(), isAlive: isProcessAlive });
    });
    if (lease.type === "taken") {
      const { epoch } = lease;
      return {
        epoch,
        async [Symbol.asyncDispose]() {
          await store.database.transaction((tx) => releaseLease(tx, group.id, epoch));
        },
      };
    }
    await onWait(lease.pid);
    await waitForLease(store, group.id, { clock }, signal);
  }
}

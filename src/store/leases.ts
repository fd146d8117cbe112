import { AppError } from "../errors.ts";
import { dateOf, integerOf, textOf } from "./columns.ts";
import type { Reader, Row, Transaction } from "./database.ts";
import type { Holder, IsAlive } from "./holder.ts";
import type { GroupId, TurnId } from "./ids.ts";
import { interruptTurns } from "./turns.ts";

export type LeaseResult =
  | {
      readonly type: "taken";
      readonly epoch: number;
      /** Turns that a dead process left behind; they are now `interrupted`. */
      readonly interrupted: readonly TurnId[];
    }
  | { readonly type: "held"; readonly pid: number; readonly since: Date };

export interface TakeLeaseOptions {
  readonly now: number;
  readonly isAlive: IsAlive;
}

export interface HeldLease {
  readonly holder: Holder;
  readonly epoch: number;
  readonly since: Date;
}

/**
 * Makes `holder` the one process that may run the group's turns, unless a living one is (itself included: turns of
 * one process wait in its own queue). The epoch is higher than any before.
 */
export async function takeLease(
  tx: Transaction,
  group: GroupId,
  holder: Holder,
  { now, isAlive }: TakeLeaseOptions,
): Promise<LeaseResult> {
  const current = await findLease(tx, group);
  if (current !== undefined && isAlive(current.holder)) {
    return { type: "held", pid: current.holder.pid, since: current.since };
  }
  const row = await tx.get(
    `INSERT INTO leases (group_id, epoch, pid, pid_start, boot_id, taken_at) VALUES (?, 1, ?, ?, ?, ?)
     ON CONFLICT (group_id) DO UPDATE SET epoch = epoch + 1, pid = excluded.pid, pid_start = excluded.pid_start,
       boot_id = excluded.boot_id, taken_at = excluded.taken_at
     RETURNING epoch`,
    group,
    holder.pid,
    holder.pidStart,
    holder.bootId,
    now,
  );
  const epoch = integerOf(row ?? {}, "epoch");
  return { type: "taken", epoch, interrupted: await interruptTurns(tx, group, now) };
}

/** False: the lease was taken over in the meantime, and is not ours to give. */
export async function releaseLease(tx: Transaction, group: GroupId, epoch: number): Promise<boolean> {
  const { changes } = await tx.run(
    `UPDATE leases SET pid = NULL, pid_start = NULL, boot_id = NULL, taken_at = NULL
     WHERE group_id = ? AND epoch = ? AND pid IS NOT NULL`,
    group,
    epoch,
  );
  return changes === 1;
}

/** Gives back what this very process holds: the lease of an earlier work of its own whose end could not be written. */
export async function releaseOwnLease(tx: Transaction, group: GroupId, holder: Holder): Promise<void> {
  const lease = await findLease(tx, group);
  if (lease?.holder.pid !== holder.pid || lease.holder.pidStart !== holder.pidStart) return;
  await releaseLease(tx, group, lease.epoch);
}

/** To be asked in each transaction of a turn: throws `AppError("conflict")` when the group is no longer ours. */
export async function checkLease(reader: Reader, group: GroupId, epoch: number): Promise<void> {
  const lease = await findLease(reader, group);
  if (lease?.epoch === epoch) return;
  throw new AppError("conflict", "Another process has taken over this conversation.", {
    hint: "What it has done since stands in the session; ask again.",
  });
}

/** Undefined when nobody holds it. */
export async function findLease(reader: Reader, group: GroupId): Promise<HeldLease | undefined> {
  const row = await reader.get("SELECT * FROM leases WHERE group_id = ? AND pid IS NOT NULL", group);
  return row === undefined ? undefined : toLease(row);
}

function toLease(row: Row): HeldLease {
  return {
    holder: {
      pid: integerOf(row, "pid"),
      pidStart: textOf(row, "pid_start"),
      bootId: textOf(row, "boot_id"),
    },
    epoch: integerOf(row, "epoch"),
    since: dateOf(row, "taken_at"),
  };
}

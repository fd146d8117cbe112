import type { Action } from "../authority/actions.ts";
import type { Actor } from "../authority/actor.ts";
import { decideIn } from "../authority/authority.ts";
import { clean } from "../authority/taint.ts";
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Transaction } from "../store/database.ts";
import type { Group } from "../store/groups.ts";
import type { Store } from "../store/store.ts";

/** Who asks, and about which group. */
export interface SessionPlace {
  readonly store: Store;
  readonly clock: Clock;
  readonly actor: Actor;
  readonly group: Group;
}

/** Decides, records and works in one transaction. Throws `AppError("denied")`, with the refusal on record. */
export async function withRight<T>(
  { store, clock, actor, group }: SessionPlace,
  action: Action,
  name: string,
  work: (tx: Transaction, now: number) => Promise<T>,
): Promise<T> {
  const outcome = await store.database.transaction(async (tx) => {
    const now = clock.now();
    const object = { group: group.name, name };
    const decision = await decideIn(tx, { actor, action, object, taint: clean }, now);
    return decision.verdict === "allow"
      ? { isAllowed: true as const, value: await work(tx, now) }
      : { isAllowed: false as const, reason: decision.reason };
  });
  if (outcome.isAllowed) return outcome.value;
  throw new AppError("denied", outcome.reason);
}

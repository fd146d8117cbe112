import type { BudgetLimits } from "../sessions/day-budget.ts";
import { readUsage } from "../sessions/read-usage.ts";
import { listSessions, nameSession, readSession } from "../sessions/session-shelf.ts";
import { getGroup, mainGroup } from "../store/groups.ts";
import type { Store } from "../store/store.ts";
import type { PastShelf } from "./services.ts";
import { toOwnPlace } from "./own-store.ts";

/** The conversations of a group. Owns the store, also when it fails. */
export async function openPast(
  groupName: string | undefined,
  store: Store,
  budget: BudgetLimits,
): Promise<PastShelf> {
  await using scope = new AsyncDisposableStack();
  scope.use(store);
  const place = toOwnPlace(store, await getGroup(store.database, groupName ?? mainGroup));
  const held = scope.move();
  return {
    list: () => listSessions(place),
    read: (session) => readSession(place, session),
    name: (session, name) => nameSession(place, session, name),
    usage: () => readUsage({ ...place, budget }, undefined),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

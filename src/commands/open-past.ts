import { createTerminalOwner } from "../authority/actor.ts";
import { systemClock } from "../clock.ts";
import { readUsage } from "../sessions/read-usage.ts";
import { listSessions, nameSession, readSession } from "../sessions/session-shelf.ts";
import { getGroup, mainGroup } from "../store/groups.ts";
import type { Store } from "../store/store.ts";
import type { PastShelf } from "./services.ts";

/** The conversations of a group. Owns the store, also when it fails. */
export async function openPast(groupName: string | undefined, store: Store): Promise<PastShelf> {
  await using scope = new AsyncDisposableStack();
  scope.use(store);
  const group = await getGroup(store.database, groupName ?? mainGroup);
  const actor = createTerminalOwner(process.getuid?.() ?? 0, group.name);
  const place = { store, clock: systemClock, actor, group };
  const held = scope.move();
  return {
    list: () => listSessions(place),
    read: (session) => readSession(place, session),
    name: (session, name) => nameSession(place, session, name),
    usage: () => readUsage(place, undefined),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

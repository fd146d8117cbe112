import { createTerminalOwner } from "../authority/actor.ts";
import type { Action } from "../authority/actions.ts";
import { decideIn } from "../authority/authority.ts";
import { clean } from "../authority/taint.ts";
import { systemClock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { findHome, prepareHome } from "../home.ts";
import type { SessionPlace } from "../sessions/session-place.ts";
import type { Transaction } from "../store/database.ts";
import { getGroup, mainGroup, type Group } from "../store/groups.ts";
import { openStore, type Store } from "../store/store.ts";
import type { CommandIo } from "./command-io.ts";

/** The store of whoever stands at this terminal; made at its first use. */
export async function openOwnStore(io: CommandIo, signal: AbortSignal): Promise<Store> {
  const { root } = findHome(io.env);
  await prepareHome(root);
  return await openStore({ folder: root, clock: systemClock }, signal);
}

/** The store, and a group in it, for what the owner does there. Throws `AppError("not-found")`: there is no such group. */
export async function openOwnGroup(
  name: string | undefined,
  io: CommandIo,
  signal: AbortSignal,
): Promise<SessionPlace & AsyncDisposable> {
  await using scope = new AsyncDisposableStack();
  const store = scope.use(await openOwnStore(io, signal));
  const group = await getGroup(store.database, name ?? mainGroup);
  const held = scope.move();
  return { ...toOwnPlace(store, group), [Symbol.asyncDispose]: () => held.disposeAsync() };
}

export function toOwnPlace(store: Store, group: Group): SessionPlace {
  return { store, group, actor: createTerminalOwner(ownUid(), group.name), clock: systemClock };
}

/** The decision stands on record when it resolves. Throws `AppError("denied")`. */
export async function allow(store: Store, action: Action, name: string, group?: string): Promise<void> {
  await store.database.transaction((tx) => allowIn(tx, action, name, group));
}

/** The decision and what it allows are one transaction. */
export async function allowIn(tx: Transaction, action: Action, name: string, group?: string): Promise<void> {
  const object = group === undefined ? { name } : { group, name };
  const actor = createTerminalOwner(ownUid());
  const decision = await decideIn(tx, { actor, action, object, taint: clean }, systemClock.now());
  if (decision.verdict !== "allow") throw new AppError("denied", decision.reason);
}

/** For a command that works without the store: opens it to ask and to write down. */
export async function allowOwner(
  action: Action,
  name: string,
  io: CommandIo,
  signal: AbortSignal,
): Promise<void> {
  await using store = await openOwnStore(io, signal);
  await allow(store, action, name);
}

export function ownUid(): number {
  return process.getuid?.() ?? 0;
}

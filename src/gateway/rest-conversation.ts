import { createTerminalOwner } from "../authority/actor.ts";
import { AppError } from "../errors.ts";
import type { Log } from "../log.ts";
import { archiveCurrent } from "../sessions/archive-session.ts";
import { measureContext } from "../store/context-size.ts";
import { getGroupById, type Group } from "../store/groups.ts";
import type { GroupId } from "../store/ids.ts";
import { findCurrentSession } from "../store/sessions.ts";
import type { Store } from "../store/store.ts";
import type { GroupConversation } from "../turns/group-conversation.ts";

export interface RestPlace {
  readonly store: Store;
  readonly uid: number;
  readonly converse: (group: Group) => Promise<Pick<GroupConversation, "compactFor">>;
  readonly log: Log;
}

/** Shorter, to send it whole the next time costs less than a summary. */
const worthTokens = 8_000;

/**
 * A conversation in which nobody has spoken for long is written to a file. A long one is summed up as well, by one call that counts
 * as any other: the provider's cache has forgotten it by then, and the next message would pay for all of it. Throws nothing: it
 * stays as it is where that fails.
 */
export async function restConversation(
  id: GroupId,
  { store, uid, converse, log }: RestPlace,
  signal: AbortSignal,
): Promise<void> {
  const { database } = store;
  try {
    const group = await getGroupById(database, id);
    await archiveCurrent({ store, group });
    const session = await findCurrentSession(database, id);
    if (session === undefined || (await measureContext(database, session.id)) < worthTokens) return;
    const conversation = await converse(group);
    const actor = createTerminalOwner(uid, group.name);
    await conversation.compactFor({ actor, keep: "", record: async () => {} }, signal);
    log.info("a conversation at rest was summed up", { group: group.name });
  } catch (error) {
    if (signal.aborted) return;
    const reason = error instanceof AppError ? error.message : error;
    log.warn("a conversation at rest stays as it is", { group: id, reason });
  }
}

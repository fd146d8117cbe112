import type { Emit } from "../agent/events.ts";
import type { SessionPlace } from "../sessions/session-place.ts";
import type { ConversationApprovals, TurnEnd } from "./conversation.ts";

/** What waits for the owner, for a conversation on this machine's own store. Loaded when it is asked for. */
export function createApprovals(
  place: SessionPlace,
  carryOut: (emit: Emit, signal: AbortSignal) => Promise<TurnEnd | undefined>,
): ConversationApprovals {
  const load = async () => await import("./own-approvals.ts");
  return {
    list: async () => await (await load()).listWaiting(place),
    find: async (id) => await (await load()).findRequest(place, id),
    decide: async (id, answer) => await (await load()).decideRequest(place, id, answer),
    carryOut,
  };
}

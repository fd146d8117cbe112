import { requestApproval, type Requested } from "../approvals/request-approval.ts";
import { toTaintBits } from "../authority/taint.ts";
import type { Actor } from "../authority/actor.ts";
import type { Clock } from "../clock.ts";
import type { NewApproval } from "../store/approvals.ts";
import type { Group } from "../store/groups.ts";
import type { Store } from "../store/store.ts";
import type { ApprovalCards } from "./approval-cards.ts";
import { toActorText } from "./asking-actor.ts";
import type { TurnParty } from "./turn-party.ts";

export interface RequestPlace {
  readonly store: Store;
  readonly clock: Clock;
  readonly group: Group;
  /** The conversation's own person. */
  readonly actor: Actor;
  readonly cards?: ApprovalCards | undefined;
}

export type RequestedThing = Pick<
  NewApproval,
  | "kind"
  | "action"
  | "objectGroup"
  | "title"
  | "tool"
  | "arguments"
  | "outgoing"
  | "bound"
  | "diff"
  | "hash"
  | "rule"
  | "reason"
>;

/** The request is on disk, and with it the card that asks; whoever follows the turn is told. Undefined: there is nobody to ask. */
export async function writeRequest(
  thing: RequestedThing,
  { store, clock, group, actor: own, cards }: RequestPlace,
  party: TurnParty,
): Promise<Requested | undefined> {
  const { actor = own, session, turn, taint } = party;
  if (session === undefined) return undefined;
  const chats = [...(party.chats?.() ?? [])].map(([chat, message]) => [chat, message.id]);
  const written = await store.database.transaction(async (tx) => {
    const requested = await requestApproval(tx, {
      ...thing,
      group: group.id,
      session,
      turn,
      actor: toActorText(actor),
      chats: JSON.stringify(chats),
      words: party.words?.() ?? "",
      taint: toTaintBits(taint.current),
      now: clock.now(),
    });
    const isForChats = requested.type === "waits" && requested.isNew && actor.via !== "terminal";
    const chat = isForChats ? await cards?.post(tx, requested.approval, group) : undefined;
    return { requested, chat };
  });
  const { requested } = written;
  if (written.chat !== undefined) cards?.posted(written.chat);
  if (requested.type === "waits" && requested.isNew) {
    const { approval } = requested;
    await party.asked?.({
      type: "approval-wait",
      approval: approval.id,
      title: approval.title,
      reason: approval.reason,
    });
  }
  return requested;
}

import { toApprovalFacts, type ApprovalFacts } from "../approvals/approval-facts.ts";
import { decideApproval } from "../approvals/decide-approval.ts";
import { decideIn } from "../authority/authority.ts";
import { clean } from "../authority/taint.ts";
import { AppError } from "../errors.ts";
import type { SessionPlace } from "../sessions/session-place.ts";
import {
  findApproval,
  listPending,
  listAllowed,
  type Approval,
  type ApprovalAnswer,
} from "../store/approvals.ts";
import type { Transaction } from "../store/database.ts";
import { getGroupById } from "../store/groups.ts";
import { toApprovalId } from "../store/ids.ts";
import { approvalWords } from "../words/english/approval.ts";
import type { TurnRecord } from "./begin-turn.ts";
import { isOfTerminal } from "./asking-actor.ts";

/** What waits for the owner who sits at this terminal: of every group. */
export async function listWaiting({ store, clock, actor }: SessionPlace): Promise<readonly ApprovalFacts[]> {
  return await store.database.transaction(async (tx) => {
    await mayRead(tx, { actor, clock }, "all that waits");
    const pending = await listPending(tx, clock.now(), undefined);
    const facts: ApprovalFacts[] = [];
    for (const approval of pending) {
      facts.push(toApprovalFacts(approval, (await getGroupById(tx, approval.group)).name));
    }
    return facts;
  });
}

export async function findRequest({ store, clock, actor }: SessionPlace, id: number): Promise<ApprovalFacts> {
  return await store.database.transaction(async (tx) => {
    await mayRead(tx, { actor, clock }, `#${id}`);
    const approval = await findApproval(tx, toApprovalId(id));
    if (approval === undefined) throw new AppError("not-found", approvalWords.unknown({ id: String(id) }));
    return toApprovalFacts(approval, (await getGroupById(tx, approval.group)).name);
  });
}

export async function decideRequest(
  { store, clock, actor, group }: SessionPlace,
  id: number,
  answer: ApprovalAnswer,
): Promise<{ readonly isHere: boolean; readonly group: string }> {
  const decided = await store.database.transaction((tx) =>
    decideApproval(tx, { id: toApprovalId(id), answer, actor, now: clock.now() }),
  );
  if (decided.type === "refused") throw new AppError("denied", decided.reason);
  const { approval } = decided;
  const isHere = approval.group === group.id && isOfTerminal(approval);
  return { isHere, group: decided.group.name };
}

/** What this terminal's person allowed, asked for in a terminal of his: nobody else carries it out. */
export async function findOwnAllowed({ store, group }: SessionPlace): Promise<Approval | undefined> {
  return (await listAllowed(store.database, group.id)).find(isOfTerminal);
}

/** A turn that nobody's message began. */
export const noMessages: TurnRecord = {
  begin: async () => ({ fresh: undefined, isResumed: false }),
  join: async () => {},
  end: async () => {},
};

async function mayRead(
  tx: Transaction,
  { actor, clock }: Pick<SessionPlace, "actor" | "clock">,
  name: string,
): Promise<void> {
  const decision = await decideIn(
    tx,
    { actor, action: "approval.read", object: { name }, taint: clean },
    clock.now(),
  );
  if (decision.verdict !== "allow") throw new AppError("denied", decision.reason);
}

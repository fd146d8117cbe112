import type { Transaction } from "../store/database.ts";
import { addApproval, listAskedSince, type Approval, type NewApproval } from "../store/approvals.ts";

export type Requested =
  /** `isNew`: the owner has not seen it yet. */
  | { readonly type: "waits"; readonly approval: Approval; readonly isNew: boolean }
  /** He is not asked: why not, for the model. */
  | { readonly type: "refused"; readonly reason: string };

export const approvalLimits = {
  /** Then it is a no. */
  lifeMs: 60 * 60_000,
  /** Of a group, at once: more of them nobody reads. */
  mostWaiting: 5,
  /** So many in an hour, and he is asked no more in it. */
  mostDenied: 3,
  /** Of what would go out: it lies in the database until he has answered. */
  outgoingBytes: 20_000_000,
  /** A host that he refused is not asked for again in that time. */
  hostRestMs: 24 * 60 * 60_000,
} as const;

const hourMs = 60 * 60_000;

/** Writes down what waits for the owner. The same request, asked again while it waits, is the same one. */
export async function requestApproval(
  tx: Transaction,
  asked: Omit<NewApproval, "expiresAt">,
): Promise<Requested> {
  const { now, hash, group, kind } = asked;
  const { lifeMs, mostWaiting, mostDenied, hostRestMs } = approvalLimits;
  const recent = await listAskedSince(tx, group, now - hostRestMs - hourMs);
  const waiting = recent.filter(({ state, expiresAt }) => state === "pending" && expiresAt.getTime() > now);
  // One that was allowed waits still: for the turn that carries it out.
  const same = [...waiting, ...recent.filter(({ state }) => state === "allowed")].find(
    (each) => each.hash === hash && (kind === "host" || each.session === asked.session),
  );
  if (same !== undefined) return { type: "waits", approval: same, isNew: false };
  const denied = recent.filter(({ answer }) => answer === "no");
  const since = (ms: number) => denied.filter(({ decidedAt }) => (decidedAt?.getTime() ?? 0) > now - ms);
  const no = since(hostRestMs).find((each) => each.hash === hash);
  if (kind === "host" && no !== undefined) {
    return {
      type: "refused",
      reason: `The owner said no to this host (#${no.id}). He is not asked again today.`,
    };
  }
  if (since(hourMs).length >= mostDenied) {
    return {
      type: "refused",
      reason: `The owner has said no ${mostDenied} times within the hour. He is asked nothing more until it is over.`,
    };
  }
  if (waiting.length >= mostWaiting) {
    return {
      type: "refused",
      reason: `${mostWaiting} questions wait for the owner already. Nothing more is asked before he has answered.`,
    };
  }
  const approval = await addApproval(tx, { ...asked, expiresAt: now + lifeMs });
  return { type: "waits", approval, isNew: true };
}

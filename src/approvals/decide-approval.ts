import type { Actor } from "../authority/actor.ts";
import { decideIn } from "../authority/authority.ts";
import type { Action } from "../authority/actions.ts";
import { clean } from "../authority/taint.ts";
import { parseEgressRule } from "../egress/policy.ts";
import { AppError } from "../errors.ts";
import { findApproval, writeAnswer, type Approval, type ApprovalAnswer } from "../store/approvals.ts";
import type { Transaction } from "../store/database.ts";
import { saveEgressRule } from "../store/egress-rules.ts";
import { getGroupById, type Group } from "../store/groups.ts";
import type { ApprovalId } from "../store/ids.ts";
import { addPermission } from "../store/permissions.ts";
import { approvalWords } from "../words/english/approval.ts";
import { listAnswers } from "./answers.ts";

export type Decided =
  | { readonly type: "decided"; readonly approval: Approval; readonly group: Group }
  /** Whoever answered may not. It stands on record and changes nothing. */
  | { readonly type: "refused"; readonly reason: string };

export interface AnswerFacts {
  readonly id: ApprovalId;
  readonly answer: ApprovalAnswer;
  /** As the transport knows him. */
  readonly actor: Actor;
  readonly now: number;
}

/**
 * The owner's word on one request: on record, with all that follows from it but the call itself, in the caller's
 * transaction. Throws `AppError`: there is no such request, it waits no more, or cannot be answered so.
 */
export async function decideApproval(
  tx: Transaction,
  { id, answer, actor, now }: AnswerFacts,
): Promise<Decided> {
  const asked = await findApproval(tx, id);
  if (asked === undefined) throw new AppError("not-found", approvalWords.unknown({ id: String(id) }));
  const group = await getGroupById(tx, asked.group);
  // A yes to a host means that it is listed: there is no other.
  const meant = answer === "once" && asked.kind === "host" ? "always" : answer;
  const question = async (action: Action, name: string): Promise<string | undefined> => {
    const object = { group: group.name, name };
    const decision = await decideIn(tx, { actor, action, object, taint: clean }, now);
    return decision.verdict === "allow" ? undefined : decision.reason;
  };
  const refusal = await question("approval.decide", `#${id} ${meant}: ${asked.title}`);
  if (refusal !== undefined) return { type: "refused", reason: refusal };
  if (!listAnswers(asked).includes(meant)) throw new AppError("usage", approvalWords.noAlways({ id }));
  const state = toState(asked, now);
  if (state !== "pending") throw new AppError("conflict", approvalWords.over({ id, state }));
  if (meant === "always") await grantForGood(tx, asked, question, now);
  await writeAnswer(tx, id, { answer: meant, by: `${actor.via} ${actor.id}`, now });
  const approval = (await findApproval(tx, id)) ?? asked;
  return { type: "decided", approval, group };
}

/** Throws `AppError("denied")` before anything is written. */
async function grantForGood(
  tx: Transaction,
  { kind, group, action, objectGroup, tool, bound, title }: Approval,
  question: (action: Action, name: string) => Promise<string | undefined>,
  now: number,
): Promise<void> {
  const isHost = kind === "host";
  const refusal = await question(
    isHost ? "egress.change" : "policy.change",
    `${isHost ? "allow" : "always"} ${title}`,
  );
  if (refusal !== undefined) throw new AppError("denied", refusal);
  if (isHost) {
    const { host, port, readOnly } = parseEgressRule(title);
    await saveEgressRule(tx, group, { host, port, readOnly: JSON.stringify(readOnly), now });
  } else if (bound !== undefined) {
    await addPermission(tx, { group, action, objectGroup, tool, bound }, now);
  }
}

export function toState({ state, expiresAt }: Approval, now: number): string {
  return state === "pending" && expiresAt.getTime() <= now ? "expired" : state;
}

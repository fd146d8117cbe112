import type { Approval, ApprovalAnswer } from "../store/approvals.ts";

/** What can be answered, in the order of the buttons. A host is allowed for good or not at all. */
export function listAnswers({ kind, bound }: Pick<Approval, "kind" | "bound">): readonly ApprovalAnswer[] {
  if (kind === "host") return ["always", "no"];
  return bound === undefined ? ["once", "no"] : ["once", "always", "no"];
}

import type { Approval } from "../store/approvals.ts";
import { parseGrants, type ShownGrant } from "./frozen-grants.ts";
import { hashBytes } from "./hash-request.ts";

/** A request as it is shown: plain data, without the bytes that would go out. */
export interface ApprovalFacts extends Omit<Approval, "outgoing" | "group" | "code" | "session" | "chats"> {
  readonly group: string;
  readonly outgoing: { readonly bytes: number; readonly hash: string } | undefined;
  /** Of a task: what its runs may do from the yes on. */
  readonly grants?: readonly ShownGrant[] | undefined;
}

export function toApprovalFacts(
  { outgoing, code: _, session: __, chats: ___, ...approval }: Approval,
  group: string,
): ApprovalFacts {
  if (approval.action === "task.grant") {
    return { ...approval, group, outgoing: undefined, grants: parseGrants(outgoing) ?? [] };
  }
  return {
    ...approval,
    group,
    outgoing: outgoing === undefined ? undefined : { bytes: outgoing.length, hash: hashBytes(outgoing) },
  };
}

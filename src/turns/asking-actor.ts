import { toCanonicalJson } from "../approvals/canonical-json.ts";
import type { Actor, PersonKind } from "../authority/actor.ts";
import type { Approval } from "../store/approvals.ts";

/** For whom a request was made, as it is stored: one text for one person. */
export function toActorText({ kind, via, id, isProven }: Actor): string {
  return toCanonicalJson({ kind, via, id, ...(isProven === undefined ? {} : { isProven }) });
}

/** He again, in the group; whatever cannot be read is a stranger, who has no right. */
export function readActor({ actor }: Pick<Approval, "actor">, group: string): Actor {
  const stored: unknown = JSON.parse(actor);
  const field = (name: string): unknown =>
    typeof stored === "object" && stored !== null
      ? Object.getOwnPropertyDescriptor(stored, name)?.value
      : undefined;
  const known = kinds.find((kind) => kind === field("kind")) ?? "stranger";
  const isProven = field("isProven");
  return {
    kind: known,
    via: String(field("via")),
    id: String(field("id")),
    group,
    ...(typeof isProven === "boolean" ? { isProven } : {}),
  };
}

const kinds: readonly PersonKind[] = ["owner", "member", "stranger"];

/** It was asked for at a terminal, and no chat has been promised its answer. */
export function isOfTerminal(approval: Pick<Approval, "actor" | "chats">): boolean {
  return approval.chats === "[]" && readActor(approval, "").via === "terminal";
}

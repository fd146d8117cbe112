import { toLoose, toText } from "../loose.ts";
import { openProof, type Proof } from "../proof.ts";
import type { AssistantMessage } from "../provider.ts";
import type { ProviderTarget } from "../target.ts";

/** Where compatible servers put what a model thought, and where they want it back. */
export interface ReasoningFields {
  reasoning_content?: string;
  reasoning?: string;
  /** OpenRouter: a list of pieces, some of them signed or encrypted, that must come back as they were. */
  reasoning_details?: unknown;
}

/**
 * What goes back to the server that it came from. DeepSeek wants the field on every answer once it thinks, also on those
 * of other models, where it is empty.
 */
export function toReasoning(
  message: AssistantMessage,
  { name, thinkingStyle }: Pick<ProviderTarget, "name" | "thinkingStyle">,
): ReasoningFields {
  for (const part of message.content) {
    if (part.type !== "thinking") continue;
    const proof = openProof(name, part.signature);
    if (proof?.kind === "reasoning_details") return { reasoning_details: JSON.parse(proof.value) };
    if (proof?.kind === "reasoning_content") return { reasoning_content: part.text };
    if (proof?.kind === "reasoning" && thinkingStyle === "reasoning") return { reasoning: part.text };
  }
  return thinkingStyle === "switch-and-effort" ? { reasoning_content: "" } : {};
}

/** A piece of `reasoning_details` as it grows. */
type Detail = Record<string, unknown>;

/** Adds the pieces of one chunk: those of one index are one piece, whose text comes bit by bit. */
export function addDetails(details: Detail[], chunk: readonly unknown[]): void {
  for (const value of chunk) {
    const piece = toLoose<{ type: string; index: number }>(value);
    if (piece === undefined) continue;
    const known = details.findLast(
      (detail) =>
        piece.index !== undefined && detail["index"] === piece.index && detail["type"] === piece.type,
    );
    if (known === undefined) {
      details.push({ ...piece });
      continue;
    }
    for (const [field, more] of Object.entries(piece)) {
      if (more === null || more === undefined) continue;
      const grows = field === "text" || field === "summary" || field === "data";
      known[field] = grows ? toText(known[field]) + toText(more) : more;
    }
  }
}

/** What a person may read of the pieces. */
export function toDetailText(chunk: readonly unknown[]): string {
  return chunk
    .map((value) => {
      const piece = toLoose<{ text: string; summary: string }>(value);
      return toText(piece?.text) + toText(piece?.summary);
    })
    .join("");
}

/** With the pieces, the whole of them; else the name of the field that held the text. */
export function toReasoningProof(field: string, details: readonly Detail[]): Proof {
  return details.length === 0
    ? { kind: field, value: "" }
    : { kind: "reasoning_details", value: JSON.stringify(details) };
}

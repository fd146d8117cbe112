import type { ReasoningEffort } from "openai/resources/shared";
import type { ThinkingStyle } from "../target.ts";
import { type Effort, type Thinking, toBudget, toEffort } from "../thinking.ts";

/** The fields of a request that say how to think; all but the first are of compatible servers. */
export interface ThinkingFields {
  reasoning_effort?: ReasoningEffort;
  reasoning?: { readonly effort: Effort | "none" } | { readonly max_tokens: number };
  thinking?: { readonly type: "enabled" | "disabled" };
  enable_thinking?: boolean;
  thinking_budget?: number;
}

/** In the way of the server; what a model of it does not take, the server says, see `repairs.ts`. */
export function toThinking(thinking: Thinking | undefined, style: ThinkingStyle): ThinkingFields {
  if (thinking === undefined) return {};
  return thinking === "off" ? toNone(style) : toSome(thinking, style);
}

function toNone(style: ThinkingStyle): ThinkingFields {
  switch (style) {
    case "effort":
      return { reasoning_effort: "none" };
    case "reasoning":
      return { reasoning: { effort: "none" } };
    case "switch":
    case "switch-and-effort":
      return { thinking: { type: "disabled" } };
    case "budget":
      return { enable_thinking: false };
    default:
      return style satisfies never;
  }
}

function toSome(thinking: Effort | number, style: ThinkingStyle): ThinkingFields {
  switch (style) {
    case "effort":
      return { reasoning_effort: toEffort(thinking) };
    case "reasoning":
      return { reasoning: typeof thinking === "number" ? { max_tokens: thinking } : { effort: thinking } };
    case "switch":
      return { thinking: { type: "enabled" } };
    case "switch-and-effort":
      return { thinking: { type: "enabled" }, reasoning_effort: toEffort(thinking) };
    case "budget":
      return { enable_thinking: true, thinking_budget: toBudget(thinking) };
    default:
      return style satisfies never;
  }
}

import type { MessageCreateParamsStreaming } from "@anthropic-ai/sdk/resources/messages/messages";
import { type Thinking, toBudget, toEffort } from "../thinking.ts";

/** The fields of a request that say how to think. */
export type ThinkingFields = Pick<MessageCreateParamsStreaming, "thinking" | "output_config">;

/**
 * Claude decides by itself how long to think since 4.6 and takes an effort; before, and at others who speak this wire,
 * thinking has a budget. What a model does not take, its server says; see `repairs.ts`.
 */
export function toThinking(model: string, thinking: Thinking | undefined): ThinkingFields {
  if (thinking === undefined) return {};
  if (thinking === "off") return { thinking: { type: "disabled" } };
  if (!isAdaptive(model)) return { thinking: { type: "enabled", budget_tokens: toBudget(thinking) } };
  // Newer models keep what they thought to themselves unless they are asked for a summary.
  const adaptive = { type: "adaptive", display: "summarized" } as const;
  return { thinking: adaptive, output_config: { effort: toEffort(thinking) } };
}

function isAdaptive(model: string): boolean {
  return model.includes("claude") && !/claude-(3|[a-z]+-4(-[0-5])?(-\d{8})?$)/.test(model);
}

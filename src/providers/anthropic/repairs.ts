import type { ContentBlockParam } from "@anthropic-ai/sdk/resources/messages/messages";
import type { Complaint } from "../failure.ts";
import { unseenImage } from "../images.ts";
import { complainsOfImages } from "../image-complaint.ts";
import type { Repair } from "../repairs.ts";
import { toBudget, toEffort } from "../thinking.ts";
import type { Body } from "./request.ts";

/** What to change about a request that was refused for `complaint`. */
export function findRepair(complaint: Complaint): Repair<Body> | undefined {
  const said = complaint.message;
  const most = /max_tokens: \d+ > (\d+)/.exec(said)?.[1];
  if (most !== undefined) return (body) => withTokenLimit(body, Number(most));
  if (complainsOfImages(said)) return withoutImages;
  if (/signature/i.test(said) && /thinking/.test(said)) return withoutOldThinking;
  if (/\b(thinking|effort|output_config|budget_tokens|adaptive)\b/.test(said)) return withOtherThinking;
  if (/\btemperature\b/.test(said)) return withoutTemperature;
  return undefined;
}

/** With less room, a budget must leave some for the answer. */
function withTokenLimit(body: Body, most: number): Body {
  if (body.max_tokens <= most) return body;
  const limited = { ...body, max_tokens: most };
  if (body.thinking?.type !== "enabled" || body.thinking.budget_tokens < most) return limited;
  const budget = Math.floor(most / 2);
  return budget < leastBudget
    ? withoutThinking(limited)
    : { ...limited, thinking: { ...body.thinking, budget_tokens: budget } };
}

const leastBudget = 1024;

function withoutTemperature(body: Body): Body {
  if (body.temperature === undefined) return body;
  const { temperature: _, ...rest } = body;
  return rest;
}

/**
 * An effort becomes a budget, a budget an effort; when that is refused too, nothing is said of thinking. Which of the two
 * it was at first shows in `display`: only an effort of ours begins with it, and only a budget made of one has it.
 */
function withOtherThinking(body: Body): Body {
  const { thinking, output_config: config } = body;
  if (thinking?.type === "adaptive" && thinking.display === "summarized") {
    const effort = config?.effort === "low" || config?.effort === "high" ? config.effort : "medium";
    const budgeted = { type: "enabled", budget_tokens: toBudget(effort), display: "summarized" } as const;
    return { ...withoutThinking(body), thinking: budgeted };
  }
  if (thinking?.type === "enabled" && thinking.display === undefined) {
    const effort = toEffort(thinking.budget_tokens);
    return { ...withoutThinking(body), thinking: { type: "adaptive" }, output_config: { effort } };
  }
  return withoutThinking(body);
}

function withoutThinking(body: Body): Body {
  if (body.thinking === undefined && body.output_config === undefined) return body;
  const { thinking: _, output_config: __, ...rest } = body;
  return rest;
}

/** A model may refuse what another one thought; what is not of the work at hand can be left out. */
function withoutOldThinking(body: Body): Body {
  const last = body.messages.findLastIndex(
    ({ role, content }) =>
      role === "user" && Array.isArray(content) && content.some(({ type }) => type === "text"),
  );
  let isChanged = false;
  const messages = body.messages.map((message, index) => {
    if (index >= last || message.role !== "assistant" || !Array.isArray(message.content)) return message;
    const content = message.content.filter(({ type }) => !type.endsWith("thinking"));
    if (content.length === message.content.length) return message;
    isChanged = true;
    return { ...message, content };
  });
  return isChanged ? { ...body, messages } : body;
}

function withoutImages(body: Body): Body {
  const replacer = createReplacer();
  const messages = body.messages.map((message) =>
    message.role === "user" && Array.isArray(message.content)
      ? { ...message, content: message.content.map(replacer.replace) }
      : message,
  );
  return replacer.hasReplaced() ? { ...body, messages } : body;
}

function createReplacer() {
  let hasReplaced = false;
  function replace(block: ContentBlockParam): ContentBlockParam {
    if (block.type === "image") {
      hasReplaced = true;
      return { type: "text", text: unseenImage };
    }
    if (block.type !== "tool_result" || !Array.isArray(block.content)) return block;
    const content = block.content.map((part) => {
      if (part.type !== "image") return part;
      hasReplaced = true;
      return { type: "text", text: unseenImage } as const;
    });
    return { ...block, content };
  }
  return { replace, hasReplaced: () => hasReplaced };
}

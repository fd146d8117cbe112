import type { Complaint } from "../failure.ts";
import { complainsOfImages } from "../image-complaint.ts";
import { unseenImage } from "../images.ts";
import type { Repair } from "../repairs.ts";
import type { Body } from "./request.ts";

/** What to change about a request that was refused for `complaint`. */
export function findRepair(complaint: Complaint): Repair<Body> | undefined {
  const said = complaint.message;
  if (complainsOfImages(said)) return withoutImages;
  const most = /max_(?:completion_)?tokens\b.*?at most (\d+)/i.exec(said)?.[1];
  if (most !== undefined) return (body) => withTokenLimit(body, Number(most));
  if (/max_completion_tokens/.test(said) || /max_tokens.*(not supported|unsupported)/i.test(said)) {
    return renameTokenLimit;
  }
  if (/\btemperature\b/.test(said)) return without("temperature");
  if (/\bstream_options\b/.test(said)) return without("stream_options");
  if (/\bprompt_cache_key\b/.test(said)) return without("prompt_cache_key");
  if (/\btool_choice\b/.test(said)) return without("tool_choice");
  if (/\breasoning_content\b.*(passed back|missing)|missing.*\breasoning_content\b/i.test(said))
    return withReasoning;
  if (/\breasoning_(content|details)\b/.test(said)) return withoutReasoning;
  if (/\b(reasoning|reasoning_effort|thinking|enable_thinking|thinking_budget)\b/.test(said)) {
    return withLessThinking;
  }
  return undefined;
}

/** The body without one field; the same where it has none. */
function without(field: keyof Body): Repair<Body> {
  return (body) => {
    if (body[field] === undefined) return body;
    const copy = { ...body };
    delete copy[field];
    return copy;
  };
}

/** To whichever of the two names it has not; no server refuses both. */
function renameTokenLimit(body: Body): Body {
  const { max_tokens: old, max_completion_tokens: current, ...rest } = body;
  return typeof old === "number"
    ? { ...rest, max_completion_tokens: old }
    : { ...rest, max_tokens: current ?? null };
}

function withTokenLimit(body: Body, most: number): Body {
  if ((body.max_tokens ?? 0) > most) return { ...body, max_tokens: most };
  return (body.max_completion_tokens ?? 0) > most ? { ...body, max_completion_tokens: most } : body;
}

/** Some models cannot stop thinking but think a little; after that nothing is said of it. */
function withLessThinking(body: Body): Body {
  if (body.reasoning_effort === "none") return { ...body, reasoning_effort: "minimal" };
  const {
    reasoning_effort: effort,
    reasoning,
    thinking,
    enable_thinking: isEnabled,
    thinking_budget: budget,
    ...rest
  } = body;
  return [effort, reasoning, thinking, isEnabled, budget].every((field) => field === undefined) ? body : rest;
}

/** Wanted on every answer, also on those of other models. */
function withReasoning(body: Body): Body {
  if (body.messages.every((message) => message.role !== "assistant" || "reasoning_content" in message))
    return body;
  return {
    ...body,
    messages: body.messages.map((message) =>
      message.role === "assistant" ? { reasoning_content: "", ...message } : message,
    ),
  };
}

function withoutReasoning(body: Body): Body {
  const fields = ["reasoning_content", "reasoning_details", "reasoning"];
  if (!body.messages.some((message) => fields.some((field) => field in message))) return body;
  const messages = body.messages.map((message) => {
    const copy: typeof message & { [field: string]: unknown } = { ...message };
    for (const field of fields) delete copy[field];
    return copy;
  });
  return { ...body, messages };
}

function withoutImages(body: Body): Body {
  const text = { type: "text", text: unseenImage } as const;
  let isChanged = false;
  const messages = body.messages.map((message) => {
    if (message.role !== "user" || !Array.isArray(message.content)) return message;
    const content = message.content.map((part) => (part.type === "image_url" ? text : part));
    isChanged ||= content.includes(text);
    return { ...message, content };
  });
  return isChanged ? { ...body, messages } : body;
}

import type { Placement } from "./grant.ts";
import { Refusal } from "./request-head.ts";

type ModelPlacement = Extract<Placement, { type: "model" }>;

const largestBody = 32 * 1024 * 1024;

/** The one path below the base that a model's key is for. */
export const modelPaths = { anthropic: "/v1/messages", openai: "/chat/completions" } as const;

/** What a question to a model is made of. All else could make the vendor act for whoever is inside: fetch, store, run, remember. */
const known = {
  anthropic: [
    ...[
      "model",
      "messages",
      "system",
      "max_tokens",
      "temperature",
      "top_p",
      "top_k",
      "stop_sequences",
      "stream",
    ],
    ...["tools", "tool_choice", "thinking", "metadata", "output_config", "cache_control"],
  ],
  openai: [
    ...["model", "messages", "max_tokens", "max_completion_tokens", "temperature", "top_p", "stop", "stream"],
    ...[
      "stream_options",
      "tools",
      "tool_choice",
      "parallel_tool_calls",
      "reasoning_effort",
      "response_format",
    ],
    ...["seed", "n", "presence_penalty", "frequency_penalty", "user", "logprobs", "top_logprobs"],
  ],
} as const satisfies Record<ModelPlacement["wire"], readonly string[]>;

/** The body to send: read whole, understood, and written anew. Throws `Refusal` for what is more than a question to a listed model. */
export async function checkModelRequest({ wire, models }: ModelPlacement, request: Request): Promise<string> {
  const body = parse(await readText(request));
  const unknown = Object.keys(body).find((key) => !known[wire].some((each) => each === key));
  if (unknown !== undefined) throw refused(`"${unknown}" is not handed on`);
  const { model, tools = [], messages } = body;
  if (typeof model !== "string" || !models.includes(model))
    throw refused(`this key is for the models ${models.join(", ")}`);
  if (!Array.isArray(tools) || !tools.every((tool) => isOwnTool(wire, tool)))
    throw refused("only tools of the caller's own are handed on, none that the vendor runs");
  if (!Array.isArray(messages)) throw refused("it has no messages");
  refuseReferences([messages, body["system"]]);
  return JSON.stringify(body);
}

async function readText(request: Request): Promise<string> {
  const body: ReadableStream<Uint8Array> | null = request.body;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > largestBody) throw new Refusal(413, "The body is too large.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below.
  }
  throw new Refusal(400, "A question to a model is one JSON object.");
}

/** A server's tool has a type of its own; a caller's has none, or says that it is one. */
function isOwnTool(wire: ModelPlacement["wire"], tool: unknown): boolean {
  if (typeof tool !== "object" || tool === null) return false;
  const { type }: { type?: unknown } = tool;
  return wire === "anthropic" ? type === undefined || type === "custom" : type === "function";
}

/** The vendor would fetch what lies at an address, and open a file by its id: bytes are sent, or nothing. */
function refuseReferences(value: unknown): void {
  if (Array.isArray(value)) return value.forEach(refuseReferences);
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    const isReference =
      // In any case of letters, as some vendors read them; an address may stand under a name of any kind: `document_url`, `fileUri`.
      /^(?:file_?id|container|mcp_?servers?)$/i.test(key) ||
      (/^type$/i.test(key) &&
        /^(?:url|file|server_tool_use|mcp_tool_use|container_upload)$/i.test(String(part))) ||
      (/(?:ur[li]|file_?data)$/i.test(key) && typeof part === "string" && !/^data:/i.test(part));
    // What a tool was called with is data of the caller's, whatever its keys are named.
    if (key === "input" || key === "arguments") continue;
    if (isReference) throw refused(`"${key}" would let the vendor fetch or open something`);
    refuseReferences(part);
  }
}

function refused(why: string): Refusal {
  return new Refusal(403, `Not handed on: ${why}.`);
}

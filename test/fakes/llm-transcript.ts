import type { LlmRequest, LlmScript } from "./llm-server.ts";
import type { Turn } from "./llm-turn.ts";

/** One thing that was said in a request, on whichever wire. */
export type Said =
  | { readonly type: "system"; readonly text: string }
  | { readonly type: "user"; readonly text: string }
  | { readonly type: "assistant"; readonly text: string }
  | { readonly type: "call"; readonly id: string; readonly name: string; readonly arguments: string }
  | { readonly type: "result"; readonly id: string; readonly text: string };

export interface ToolResult {
  readonly id: string;
  /** What the tool gave, without the fence that it may stand in. */
  readonly text: string;
  /** As it was sent. */
  readonly sent: string;
}

/** What a request says, in its order. */
export function readTranscript(request: LlmRequest): Said[] {
  return request.wire === "anthropic" ? readAnthropic(request) : readOpenAi(request);
}

/** The results behind the last answer of the model: what this request tells it. */
export function newResults(request: LlmRequest): ToolResult[] {
  const said = readTranscript(request);
  const last = said.findLastIndex(({ type }) => type === "call" || type === "assistant");
  return said
    .slice(last + 1)
    .flatMap((item) =>
      item.type === "result" ? [{ id: item.id, text: withoutFence(item.text), sent: item.text }] : [],
    );
}

function withoutFence(text: string): string {
  return text.replace(/^<output-(\w{12})>\n([^]*)\n<\/output-\1>$/, "$2");
}

/** All that the person has said, the newest last. */
export function userTexts(request: LlmRequest): string[] {
  return readTranscript(request).flatMap((item) => (item.type === "user" ? [item.text] : []));
}

/**
 * Answers as a real server would: a request whose transcript is not well formed is refused with 400, and `faults` says
 * why.
 */
export function createStrictScript(
  script: readonly Turn[] | ((request: LlmRequest, n: number) => Turn | Promise<Turn>),
): { readonly script: LlmScript; readonly faults: readonly string[] } {
  const faults: string[] = [];
  let count = 0;
  async function answer(request: LlmRequest): Promise<Turn> {
    const n = count++;
    const fault = findFault(request);
    if (fault !== undefined) {
      faults.push(fault);
      return { fault: { type: "status", status: 400, message: fault } };
    }
    if (typeof script === "function") return await script(request, n);
    return script[n] ?? { text: "The script is over." };
  }
  return { script: answer, faults };
}

/** What the API of the wire would refuse about a request: its own rules, read off its error messages. */
export function findFault(request: LlmRequest): string | undefined {
  const said = readTranscript(request).filter(({ type }) => type !== "system");
  if (said[0]?.type !== "user") return "the first message is not the user's";
  const ids = said.flatMap((item) => (item.type === "call" ? [item.id] : []));
  if (new Set(ids).size < ids.length) return `tool call ids are not unique: ${ids.join(" ")}`;
  const speaksOfTools = said.some(({ type }) => type === "call" || type === "result");
  if (speaksOfTools && request.wire === "anthropic" && !Array.isArray(request.body["tools"])) {
    return "requests which include tool_use or tool_result blocks must define tools";
  }
  return findPairingFault(said) ?? (request.wire === "anthropic" ? findAnthropicFault(request) : undefined);
}

/** Behind each answer that calls tools: one result for each call, and nothing before they are complete. */
function findPairingFault(said: readonly Said[]): string | undefined {
  let open = new Set<string>();
  let isAnswering = false;
  for (const item of said) {
    if (item.type === "result") {
      isAnswering = false;
      if (!open.delete(item.id)) return `a result for ${item.id}, which was not called or was answered`;
      continue;
    }
    const isAnswer = item.type === "call" || item.type === "assistant";
    if (open.size > 0 && !(isAnswering && isAnswer)) {
      return `no result for ${[...open].join(" ")} right behind the call`;
    }
    if (item.type === "call") open = new Set([...open, item.id]);
    if (item.type !== "call" && item.text.trim() === "") return `an empty ${item.type} message`;
    isAnswering = isAnswer;
  }
  if (open.size > 0) return `no result for ${[...open].join(" ")}`;
  return isAnswering ? "the last message is the assistant's" : undefined;
}

function findAnthropicFault(request: LlmRequest): string | undefined {
  const messages = listOf(request.body["messages"]);
  for (const [index, message] of messages.entries()) {
    const before = messages[index - 1];
    if (before !== undefined && before["role"] === message["role"]) return "two messages of one role";
    for (const block of blocksOf(message)) {
      const id = block["id"] ?? block["tool_use_id"];
      if (typeof id === "string" && !/^[\w-]{1,64}$/.test(id)) return `the id ${id} cannot be`;
      const input = block["input"];
      if (block["type"] === "tool_use" && (typeof input !== "object" || input === null)) {
        return "the input of a tool_use is no object";
      }
    }
  }
  const marks = JSON.stringify(request.body).split('"cache_control"').length - 1;
  return marks > 4 ? `${marks} cache marks, at most 4` : undefined;
}

function readAnthropic({ body }: LlmRequest): Said[] {
  const system = blocksOf({ content: body["system"] ?? "" }).map((block) => textOf(block["text"]));
  const said: Said[] = system.map((text) => ({ type: "system", text }));
  for (const message of listOf(body["messages"])) {
    const type = message["role"] === "assistant" ? "assistant" : "user";
    for (const block of blocksOf(message)) {
      switch (block["type"]) {
        case "text":
          said.push({ type, text: textOf(block["text"]) });
          break;
        case "tool_use":
          said.push({
            type: "call",
            id: textOf(block["id"]),
            name: textOf(block["name"]),
            arguments: JSON.stringify(block["input"]),
          });
          break;
        case "tool_result":
          said.push({ type: "result", id: textOf(block["tool_use_id"]), text: contentOf(block) });
          break;
        default:
      }
    }
  }
  return said;
}

function readOpenAi({ body }: LlmRequest): Said[] {
  const said: Said[] = [];
  for (const message of listOf(body["messages"])) {
    const text = contentOf(message);
    switch (message["role"]) {
      case "tool":
        said.push({ type: "result", id: textOf(message["tool_call_id"]), text });
        break;
      case "assistant":
        if (text !== "") said.push({ type: "assistant", text });
        for (const call of listOf(message["tool_calls"])) {
          const called = listOf([call["function"]])[0] ?? {};
          said.push({
            type: "call",
            id: textOf(call["id"]),
            name: textOf(called["name"]),
            arguments: textOf(called["arguments"]),
          });
        }
        break;
      default:
        said.push({ type: message["role"] === "system" ? "system" : "user", text });
    }
  }
  return said;
}

type Fields = Readonly<Record<string, unknown>>;

function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "object" && item !== null) : [];
}

function blocksOf({ content }: Fields): Fields[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : listOf(content);
}

function contentOf(message: Fields): string {
  return blocksOf({ content: message["content"] ?? "" })
    .map((block) => textOf(block["text"]))
    .join("\n");
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

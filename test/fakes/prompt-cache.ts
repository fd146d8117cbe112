import type { LlmRequest } from "./llm-server.ts";
import type { TurnUsage } from "./llm-turn.ts";

/** Of characters: near enough, for shares and not for bills. */
const charactersInToken = 4;

/** The server looks back that many blocks from a mark for an entry. */
const lookBack = 20;

/** OpenAI and others cache from this length on, in steps. */
const shortestPrefix = 1024;
const step = 128;

/**
 * Counts the tokens of each request as a real server bills them. On Anthropic's wire a prefix is kept where it was marked, and
 * found at a mark or up to twenty blocks before it; on the other the longest beginning that any request shared.
 */
export class PromptCache {
  readonly #kept = new Set<string>();
  readonly #seen: string[] = [];

  bill(request: LlmRequest): TurnUsage {
    return request.wire === "anthropic" ? this.#billMarked(request) : this.#billShared(request);
  }

  #billMarked({ body }: LlmRequest): TurnUsage {
    const model = String(body["model"]);
    const blocks = toBlocks(body);
    const prefixes: string[] = [];
    let text = model;
    for (const block of blocks) prefixes.push((text += JSON.stringify(withoutMark(block))));
    const marks = blocks.flatMap((block, index) => ("cache_control" in block ? [index] : []));
    if (marks.length > 4) throw new Error(`${marks.length} marks; a server takes four.`);
    let read = 0;
    for (const mark of marks) {
      for (let at = mark; at >= Math.max(0, mark - lookBack); at--) {
        const prefix = prefixes[at] ?? "";
        if (this.#kept.has(hash(prefix))) read = Math.max(read, prefix.length);
      }
    }
    const last = prefixes[marks.at(-1) ?? -1]?.length ?? 0;
    for (const mark of marks) this.#kept.add(hash(prefixes[mark] ?? ""));
    return {
      input: toTokens(text.length - Math.max(last, read)),
      cacheRead: toTokens(read),
      cacheWrite: toTokens(Math.max(0, last - read)),
      output: 5,
    };
  }

  #billShared({ body }: LlmRequest): TurnUsage {
    const text = JSON.stringify([body["model"], body["tools"], body["messages"]]);
    const shared = Math.max(0, ...this.#seen.map((before) => countShared(before, text)));
    this.#seen.push(text);
    const tokens = toTokens(shared);
    const cacheRead = tokens < shortestPrefix ? 0 : Math.floor(tokens / step) * step;
    return { input: toTokens(text.length), cacheRead, output: 5 };
  }
}

/** In the order in which a server reads them: tools, system, messages. */
function toBlocks(body: LlmRequest["body"]): object[] {
  const {
    tools = [],
    system = [],
    messages = [],
  } = body as Record<string, readonly Record<string, unknown>[]>;
  const said = messages.flatMap(({ role, content }) =>
    (Array.isArray(content) ? content : [{ type: "text", text: content }]).map((block: object) => ({
      role,
      ...block,
    })),
  );
  return [...tools, ...system, ...said];
}

function withoutMark(block: object): object {
  return { ...block, cache_control: undefined };
}

function countShared(left: string, right: string): number {
  let length = 0;
  while (length < left.length && left[length] === right[length]) length++;
  return length;
}

function toTokens(characters: number): number {
  return Math.round(characters / charactersInToken);
}

function hash(text: string): string {
  return Bun.hash(text).toString(36);
}

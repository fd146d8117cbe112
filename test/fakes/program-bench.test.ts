import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { findFault } from "./llm-transcript.ts";
import { ProgramBench } from "./program-bench.ts";

/** Why the bench is not content with what a program did, if it is not. */
async function verdictOn(script: string): Promise<string> {
  const bench = await ProgramBench.open();
  await bench.run([], { program: ["bash", "-c", script, "bash", bench.key, bench.apiBase] });
  try {
    await bench[Symbol.asyncDispose]();
    return "content";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe("the bench", () => {
  const post = (body: object): string =>
    `curl -s -H "x-api-key: $1" "$2/v1/messages" -d '${JSON.stringify(body)}' >/dev/null`;

  test.each([
    ["is content with a program that does no harm", "echo hello", "content"],
    ["finds the key in what was printed", 'echo "it is $1" >&2', "The key stands in what it printed"],
    ["finds the key in a file", 'echo "it is $1" > "$NANOCLAW_HOME/nanoclaw.db"', "nanoclaw.db"],
    ["finds a process", "sleep 3 >/dev/null 2>&1 & disown", "were left behind"],
    ["finds a transcript that no server takes", post({ messages: [] }), "the first message"],
  ])("%s", async (_name, script, expected) => {
    expect(await verdictOn(script)).toContain(expected);
  });

  test("leaves no folder behind", async () => {
    const bench = await ProgramBench.open();
    await bench[Symbol.asyncDispose]();
    expect(await Bun.file(join(bench.state, "config.json")).exists()).toBe(false);
  });
});

describe("a strict server", () => {
  const user = (text: string): object => ({ role: "user", content: [{ type: "text", text }] });
  const use = (...ids: readonly string[]): object => ({
    role: "assistant",
    content: ids.map((id) => ({ type: "tool_use", id, name: "shell", input: {} })),
  });
  const results = (...ids: readonly string[]): object => ({
    role: "user",
    content: ids.map((id) => ({ type: "tool_result", tool_use_id: id, content: "ok" })),
  });

  test.each([
    ["a talk", [user("hi")], undefined],
    ["calls with their results", [user("hi"), use("a", "b"), results("a", "b")], undefined],
    ["a call without a result", [user("hi"), use("a", "b"), results("a")], "no result for b"],
    ["a call with words instead", [user("hi"), use("a"), user("well?")], "no result for a"],
    ["a result twice", [user("hi"), use("a"), results("a", "a")], "a result for a"],
    ["a result of nothing", [user("hi"), results("a")], "a result for a"],
    ["an id twice", [user("hi"), use("a"), results("a"), use("a"), results("a")], "not unique"],
    ["two messages of one role", [user("hi"), user("ho")], "of one role"],
    ["an empty message", [user(" ")], "an empty user message"],
    ["the model's words last", [user("hi"), { role: "assistant", content: "ho" }], "the assistant's"],
    ["an id of another wire", [user("hi"), use("a:0"), results("a:0")], "cannot be"],
  ] as const)("judges %s", (_name, messages, fault) => {
    const request = {
      wire: "anthropic",
      method: "POST",
      path: "/v1/messages",
      headers: {},
      clientPort: 0,
    } as const;
    const found = findFault({ ...request, body: { tools: [], messages } });
    if (fault === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(fault);
  });

  test("judges the other wire by the same rules", () => {
    const request = { wire: "openai", method: "POST", path: "/v1", headers: {}, clientPort: 0 } as const;
    const call = { id: "a", type: "function", function: { name: "shell", arguments: "{}" } };
    const asked = [
      { role: "user", content: "hi" },
      { role: "assistant", content: null, tool_calls: [call] },
    ];
    const answered = [...asked, { role: "tool", tool_call_id: "a", content: "ok" }];
    expect(findFault({ ...request, body: { messages: answered } })).toBeUndefined();
    expect(findFault({ ...request, body: { messages: asked } })).toContain("no result for a");
  });
});

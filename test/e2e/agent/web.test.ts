import { describe, expect, test } from "bun:test";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { createWebTools } from "../../../src/tools/web/web-tools.ts";
import { createHostSandbox } from "../../fakes/host-sandbox.ts";
import { newResults } from "../../fakes/llm-transcript.ts";
import { ProgramBench } from "../../fakes/program-bench.ts";
import { describeTool } from "../../contract/tool.ts";

const page = { kind: "page", text: "words", links: [], url: "https://example.org/" } as const;
const tools = createWebTools({ isNamed: () => false, fetch: async () => page, search: async () => [] });
const inputs: Readonly<Record<string, unknown>> = {
  web_search: { query: "x" },
  web_fetch: { url: "https://example.org" },
};
for (const tool of tools) {
  describeTool({ tool, input: inputs[tool.name], openSandbox: () => createHostSandbox() });
}

test("the tools of the web take at most 230 tokens of every prompt", () => {
  const definitions = tools.map(({ name, description, input }) => ({ name, description, input }));
  expect(countTokens(JSON.stringify(definitions))).toBeLessThanOrEqual(230);
});

const call = (name: string, input: object) => ({ calls: [{ name, arguments: input }] });

describe("an assistant", () => {
  test("searches where the owner says, and gets into no network of his by an address", async () => {
    const asked: string[] = [];
    await using search = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch(request) {
        asked.push(new URL(request.url).searchParams.get("q") ?? "");
        const results = [{ title: "Bun 2", url: "https://bun.test/2", content: "It is out." }];
        return Response.json({ results });
      },
    });
    const base = `http://127.0.0.1:${search.port}`;
    await using bench = await ProgramBench.open({
      config: { tools: { web: { search: { provider: "searxng", baseUrl: base } } } },
      script: [
        call("web_search", { query: "bun release" }),
        call("web_fetch", { url: `${base}/admin` }),
        call("web_fetch", { url: "file:///etc/passwd" }),
        { text: "Bun 2 is out." },
      ],
    });
    await bench.run(["agent", "-m", "What is new with Bun?"]);
    const results = [1, 2, 3].map((n) => {
      const request = bench.requests[n];
      return (request === undefined ? undefined : newResults(request)[0]?.text) ?? "";
    });
    expect(results[0]).toContain("1. Bun 2\n   https://bun.test/2\n   It is out.");
    expect(results[1]).toContain("not on the open internet");
    expect(results[2]).toContain("no http or https address");
    expect(asked).toEqual(["bun release"]);
    expect(bench.faults).toEqual([]);
  });
});

import { expect, test } from "bun:test";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { makePluginFolder } from "../../fakes/plugins.ts";
import { ProgramBench, shell } from "../../fakes/program-bench.ts";

test("a provider of a package of the AI SDK answers, calls tools and remembers, in the whole program", async () => {
  await using bench = await ProgramBench.open({
    wire: "anthropic",
    script: [
      { thinking: "Hm.", text: "I look.", calls: [shell("echo found")] },
      { text: "It is found." },
      { text: "Still found." },
    ],
  });
  await using plugins = await makePluginFolder("@ai-sdk/anthropic");
  await cp(plugins.folder, join(bench.state, "plugins"), {
    recursive: true,
    filter: (path) => !path.includes("scratch"),
  });
  await bench.configure({
    agents: { defaults: { model: "mine/claude-sonnet-5-5", thinking: "low" } },
    providers: {
      mine: { package: "@ai-sdk/anthropic", apiBase: `${bench.server.url}/v1`, apiKey: bench.key },
    },
  });
  expect(await bench.ask("Look")).toMatchObject({ out: "It is found.\n", code: 0 });
  expect(await bench.ask("And now?")).toMatchObject({ out: "Still found.\n", code: 0 });
  const [first, second, third] = bench.requests.map(({ body }) => JSON.stringify(body));
  expect(first).toContain('"effort":"low"');
  expect(second).toContain('"signature":"signed-1"');
  expect(second).toContain("found");
  expect(third).toContain("It is found.");
});

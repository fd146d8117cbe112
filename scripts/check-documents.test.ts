import { expect, test } from "bun:test";

import { checkDocuments } from "./check-documents.ts";
import { plantProject } from "./plant-project.ts";

async function problemsOf(files: Readonly<Record<string, string>>): Promise<string> {
  await using project = await plantProject({ "package.json": '{"scripts":{"check":"true"}}', ...files });
  return (await checkDocuments(project.root)).join("\n");
}

const code = { "src/agent/loop.ts": "export const loop = 1;\n", "docs/security.md": "Words.\n" };

test("documents that name what exists pass", async () => {
  const problems = await problemsOf({
    ...code,
    "AGENTS.md":
      "See `src/agent/loop.ts:12`, `src/agent/`, `src/{agent,store}/*.ts`, [security](docs/security.md#x).\n`npm run check`\n",
    "docs/design.md":
      "Back to [the guide](../AGENTS.md), `~/.nanoclaw/config.json`, [web](https://example.com/a).\n",
  });
  expect(problems).toBe("");
});

test("a file that was moved is found wherever it is named", async () => {
  const problems = await problemsOf({
    ...code,
    "AGENTS.md": "The loop is `src/agent/turn.ts`.\n",
    "README.md": "Words.\n\n[Security](docs/safety.md)\n",
    "docs/tree.md": "```\nsrc/gateway/   the gateway\n```\n",
  });
  expect(problems).toContain("AGENTS.md:1: names src/agent/turn.ts");
  expect(problems).toContain("README.md:3: names docs/safety.md");
  expect(problems).toContain("docs/tree.md:2: names src/gateway/");
});

test("a script that is gone is found", async () => {
  expect(await problemsOf({ "AGENTS.md": "Run `npm run tidy`.\n" })).toContain("names npm run tidy");
});

test("AGENTS.md is at most 150 lines", async () => {
  expect(await problemsOf({ "AGENTS.md": "line\n".repeat(150) })).toBe("");
  expect(await problemsOf({ "AGENTS.md": "line\n".repeat(151) })).toBe("AGENTS.md: 151 lines, at most 150");
});

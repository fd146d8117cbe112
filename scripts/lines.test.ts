import { expect, test } from "bun:test";

import { measureSizes } from "./lines.ts";
import { plantProject } from "./plant-project.ts";
import { isOverBudget, type SizeRow } from "./size-row.ts";

const manifest = '{ "dependencies": { "a": "1.0.0", "b": "1.0.0" }, "devDependencies": { "c": "1.0.0" } }';
const tenLines = "export const a = 1;\n".repeat(10);

async function sizesOf(files: Readonly<Record<string, string>>): Promise<ReadonlyMap<string, SizeRow>> {
  await using project = await plantProject({ "package.json": manifest, ...files });
  return new Map((await measureSizes(project.root)).map((row) => [row.name, row]));
}

test("the trust core is the loop, authority, egress, sandbox port and bubblewrap, and the tool port; turns are counted beside it", async () => {
  const sizes = await sizesOf({
    "src/agent/loop.ts": tenLines,
    "src/authority/authorize.ts": tenLines,
    "src/egress/proxy.ts": tenLines,
    "src/turns/turn.ts": tenLines,
    "src/sandbox/sandbox.ts": tenLines,
    "src/sandbox/bubblewrap/arguments.ts": tenLines,
    "src/tools/tool.ts": tenLines,
    "src/tools/shell.ts": tenLines,
    "src/sandbox/docker/runtime.ts": tenLines,
    "src/agent/context.ts": tenLines,
    "src/agent/loop.test.ts": tenLines,
    "src/commands/agent.ts": tenLines,
  });
  expect(sizes.get("trust core, lines")?.value).toBe(60);
  expect(sizes.get("trust core, files")?.value).toBe(6);
  expect(sizes.get("turns, lines")?.value).toBe(10);
  expect(sizes.get("src/commands, lines")?.value).toBe(10);
  expect(sizes.get("src, lines")?.value).toBe(110);
  expect(sizes.get("tests, lines")?.value).toBe(10);
  expect(sizes.get("dependencies at run time")?.value).toBe(2);
  expect(sizes.get("src, tokens")?.value).toBeGreaterThan(110);
  expect([...sizes.values()].some(isOverBudget)).toBe(false);
});

test("a trust core of 6,701 lines is over budget", async () => {
  const sizes = await sizesOf({ "src/egress/proxy.ts": "export const a = 1;\n".repeat(6701) });
  expect([...sizes.values()].filter(isOverBudget).map(({ name }) => name)).toEqual(["trust core, lines"]);
});

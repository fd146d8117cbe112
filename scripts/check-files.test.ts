import { expect, test } from "bun:test";

import { checkFiles } from "./check-files.ts";
import { plantProject } from "./plant-project.ts";

async function problemsOf(files: Readonly<Record<string, string>>): Promise<string> {
  await using project = await plantProject(files);
  return (await checkFiles(project.root)).join("\n");
}

test("a file named for one idea passes", async () => {
  expect(await problemsOf({ "src/group-queue.ts": "export class GroupQueue {}\n" })).toBe("");
});

test("vague names are refused", async () => {
  const problems = await problemsOf({
    "src/utils.ts": "export const a = 1;\n",
    "src/agent/types.ts": "export type A = 1;\n",
    "src/common/clock.ts": "export const b = 1;\n",
  });
  expect(problems).toContain("src/utils.ts: name it");
  expect(problems).toContain("src/agent/types.ts: name it");
  expect(problems).toContain("src/common/clock.ts: name it");
});

test("a file of 401 lines is too long, a test may have 600", async () => {
  const long = "export const a = 1;\n".repeat(401);
  const problems = await problemsOf({ "src/long.ts": long, "src/long.test.ts": long });
  expect(problems).toBe("src/long.ts: 401 lines, at most 400: it holds more than one idea");
});

test("barrels and unfinished notes are refused", async () => {
  const problems = await problemsOf({
    "src/channels/all.ts": 'export * from "./channel.ts";\n',
    "src/agent/loop.ts": "// TODO: retry\nexport const loop = 1;\n",
  });
  expect(problems).toContain("src/channels/all.ts: a barrel");
  expect(problems).toContain("src/agent/loop.ts: an unfinished note");
});

test("files that Bun would act on are refused", async () => {
  expect(await problemsOf({ "bunfig.toml": "", ".env": "A=1\n" })).toContain("bunfig.toml: must not be here");
});

test("a path of somebody's own machine is refused", async () => {
  const path = ["", "home", "ann", "projects", "nanoclaw"].join("/");
  expect(await problemsOf({ "docs/a.md": `See ${path}/x.\n` })).toContain(
    "docs/a.md: names a path of one machine",
  );
});

import { expect, test } from "bun:test";
import { join } from "node:path";

import { readTestReport } from "./junit.ts";
import { plantProject } from "./plant-project.ts";

const files = {
  "good.test.ts": `import { test } from "bun:test";
    test("passes", () => { console.log("7 passed, 9 failed"); });
    test.skip("one day (known limit: no such platform)", () => {});`,
  "bad.test.ts": `import { describe, test } from "bun:test";
    describe("deep", () => { test("fails & <says> \\"so\\"", () => { throw new Error("no"); }); });
    test.skipIf(true)("needs strace", () => {});
    test.todo("later");`,
  "broken.test.ts": 'throw new Error("at import");\n',
};

test("failures, skips, todos and files that broke at import count as failed, whatever a test prints", async () => {
  await using project = await plantProject(files);
  const path = join(project.root, "report.xml");
  const reporter = ["--reporter=junit", `--reporter-outfile=${path}`];
  const child = Bun.spawn([process.execPath, "--no-env-file", "test", "--parallel", ...reporter], {
    cwd: project.root,
    stdout: "ignore",
    stderr: "ignore",
  });
  expect(await child.exited).not.toBe(0);
  const report = readTestReport(await Bun.file(path).text(), Object.keys(files));
  expect(report.passed).toBe(1);
  expect(report.failed.toSorted()).toEqual([
    'bad.test.ts: fails & <says> "so"',
    "bad.test.ts: later: was skipped",
    "bad.test.ts: needs strace: was skipped",
    "broken.test.ts: ran no test",
  ]);
});

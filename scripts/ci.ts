import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { readTestReport, type TestReport } from "./junit.ts";
import { listFiles } from "./list-files.ts";

interface Step {
  readonly name: string;
  readonly argv: readonly string[];
  readonly minutes: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Reads how many things inside passed and failed; without it the step counts as one. */
  readonly count?: (output: string) => Promise<Count>;
}

interface TestStep extends Omit<Step, "count"> {
  readonly read: () => Promise<TestReport>;
}

interface Count {
  readonly passed: number;
  readonly failed: number;
  /** Of those that passed: how many only when they ran once more. */
  readonly unsteady?: number;
}

const own = (file: string, ...options: readonly string[]): readonly string[] => [
  "sh",
  "scripts/bun.sh",
  file,
  ...options,
];

const mostUnsteady = 3;

/** Everything that must hold before a change lands, in the order in which one wants to hear of it. */
async function listSteps(root: string, scratch: string): Promise<readonly (Step | TestStep)[]> {
  const tests = (await listFiles(root)).filter((path) => path.endsWith(".test.ts"));
  const program = join(root, "dist/nanoclaw");
  return [
    { name: "check", argv: own("scripts/check.ts"), minutes: 2 },
    { name: "lines", argv: own("scripts/lines.ts", "--check"), minutes: 1 },
    { name: "build", argv: own("scripts/build.ts"), minutes: 2 },
    { ...createTestStep("test", tests, [], scratch), env: { NANOCLAW_PROGRAM: program } },
    {
      ...createTestStep(
        "test of the source",
        tests.filter((path) => path.startsWith("test/e2e/agent/")),
        ["test/e2e/agent/"],
        scratch,
      ),
      env: { NANOCLAW_PROGRAM: "" },
    },
    {
      name: "campaigns",
      argv: ["sh", "scripts/isolate.sh", ...own("scripts/campaign.ts", "--size", "ci")],
      minutes: 15,
      count: readSum,
    },
    { name: "bench", argv: own("bench/bench.ts", "--quick"), minutes: 4 },
  ];
}

function createTestStep(
  name: string,
  files: readonly string[],
  paths: readonly string[],
  scratch: string,
): TestStep {
  const report = join(scratch, `${name.replaceAll(" ", "-")}.xml`);
  const reporter = ["--only-failures", "--reporter=junit", `--reporter-outfile=${report}`];
  return {
    name,
    argv: ["sh", "scripts/test.sh", ...reporter, ...paths],
    minutes: 7,
    read: async () => readTestReport(await Bun.file(report).text(), files),
  };
}

/**
 * What failed is run once more, its files alone: a limit of time that two busy processors missed is met then, and a
 * defect is not. Such a test is named, and counted as unsteady; more than three of them have failed, for that is no chance.
 */
async function runTests(step: TestStep, root: string, scratch: string): Promise<Count> {
  const count = async (): Promise<Count> => {
    const { passed, failed } = await step.read();
    for (const title of failed) console.log(`  failed: ${title}`);
    if (failed.length === 0 || failed.length > mostUnsteady) return { passed, failed: failed.length };
    const files = [...new Set(failed.map((title) => title.slice(0, title.indexOf(": "))))];
    const again = createTestStep(`${step.name} again`, files, files, scratch);
    await runProgram({ ...again, env: step.env ?? {} }, root);
    const still = new Set((await again.read()).failed);
    const unsteady = failed.filter((title) => !still.has(title));
    for (const title of unsteady) console.log(`  unsteady: ${title}`);
    return { passed: passed + unsteady.length, failed: still.size, unsteady: unsteady.length };
  };
  return await runStep({ ...step, count }, root);
}

async function readSum(output: string): Promise<Count> {
  const [, passed, failed] = /^(\d+) passed, (\d+) failed$/m.exec(output) ?? [];
  if (passed === undefined || failed === undefined) throw new Error("it did not sum up");
  return { passed: Number(passed), failed: Number(failed) };
}

/** Never throws: what goes wrong is a failure of the step. */
async function runStep(step: Step, root: string): Promise<Count> {
  const started = performance.now();
  console.log(`\n--- ${step.name}`);
  const { code, output } = await runProgram(step, root);
  const counted = await step.count?.(output).catch((error: unknown) => {
    console.log(`  ${step.name} could not be counted: ${String(error)}`);
    return undefined;
  });
  const inside = counted ?? { passed: code === 0 ? 1 : 0, failed: 0 };
  // A program that fails although nothing in it did has failed as a whole.
  const isExplained = code === 0 || (inside.unsteady ?? 0) > 0;
  const isCounted = counted !== undefined || step.count === undefined;
  const failed = inside.failed === 0 && !(isExplained && isCounted) ? 1 : inside.failed;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `--- ${step.name}: ${failed === 0 ? "ok" : "FAILED"}, ${inside.passed} passed, ${failed} failed, ${seconds} s`,
  );
  return { ...inside, failed };
}

async function runProgram(
  step: Step,
  root: string,
): Promise<{ readonly code: number; readonly output: string }> {
  const child = Bun.spawn([...step.argv], {
    cwd: root,
    env: { ...process.env, ...step.env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
    detached: true,
  });
  const timer = setTimeout(() => {
    console.log(`--- ${step.name}: ended after ${step.minutes} minutes`);
    process.kill(-child.pid, "SIGKILL");
  }, step.minutes * 60_000);
  const decoder = new TextDecoder();
  let output = "";
  for await (const chunk of child.stdout) {
    const text = decoder.decode(chunk, { stream: true });
    process.stdout.write(text);
    output += text;
  }
  const code = await child.exited;
  clearTimeout(timer);
  return { code, output };
}

async function main(root: string): Promise<number> {
  const scratch = await mkdtemp(join(tmpdir(), "nanoclaw-ci-"));
  const started = performance.now();
  try {
    let [passed, failed] = [0, 0];
    const summary: string[] = [];
    for (const step of await listSteps(root, scratch)) {
      const count = "read" in step ? await runTests(step, root, scratch) : await runStep(step, root);
      passed += count.passed;
      failed += count.failed;
      summary.push(
        `${count.failed === 0 ? "ok    " : "FAILED"} ${step.name.padEnd(24)} ${count.passed} passed, ${count.failed} failed${count.unsteady === undefined ? "" : `, ${count.unsteady} of them unsteady`}`,
      );
    }
    console.log(`\n${summary.join("\n")}\n${((performance.now() - started) / 60_000).toFixed(1)} minutes`);
    console.log(`${passed} passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

if (import.meta.main) process.exitCode = await main(join(import.meta.dir, ".."));

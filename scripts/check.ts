import { join } from "node:path";

import { checkDocuments } from "./check-documents.ts";
import { checkFiles } from "./check-files.ts";
import { checkImports } from "./check-imports.ts";
import { checkLockfile } from "./check-lockfile.ts";
import { checkSecurityPage } from "./security-page.ts";

interface Outcome {
  readonly isClean: boolean;
  readonly details: string;
}

type Check = (root: string) => Promise<Outcome>;

const checks: Readonly<Record<string, Check>> = {
  types: runProgram(["tsc", "--noEmit", "--pretty", "false"]),
  lint: runProgram(["oxlint"]),
  format: runProgram(["oxfmt", "--check", "."]),
  imports: runRule(checkImports),
  files: runRule(checkFiles),
  documents: runRule(checkDocuments),
  lockfile: runRule(checkLockfile),
  security: runRule(checkSecurityPage),
};

function runProgram([name = "", ...rest]: readonly string[]): Check {
  return async (root) => {
    const child = Bun.spawn([join(root, "node_modules/.bin", name), ...rest], {
      cwd: root,
      stdout: "pipe",
      stderr: "pipe",
    });
    const [output, errors, code] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ]);
    return { isClean: code === 0, details: `${output}${errors}`.trim() };
  };
}

function runRule(rule: (root: string) => Promise<readonly string[]>): Check {
  return async (root) => {
    const problems = await rule(root);
    return { isClean: problems.length === 0, details: problems.join("\n") };
  };
}

/** One line a check as it ends; details only of what failed. Resolves to the number of failed checks. */
async function runChecks(root: string): Promise<number> {
  const outcomes = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      const started = performance.now();
      const outcome = await check(root);
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(`${outcome.isClean ? "ok  " : "FAIL"} ${name.padEnd(10)} ${seconds} s`);
      return { name, ...outcome };
    }),
  );
  const failed = outcomes.filter((outcome) => !outcome.isClean);
  for (const { name, details } of failed) console.log(`\n${name}:\n${details}`);
  return failed.length;
}

if (import.meta.main) process.exitCode = (await runChecks(join(import.meta.dir, ".."))) === 0 ? 0 : 1;

import { basename, join } from "node:path";
import { parseArgs } from "node:util";

import { countTokens } from "gpt-tokenizer";

import { listFiles } from "./list-files.ts";

export interface SizeRow {
  readonly name: string;
  readonly value: number;
  readonly budget?: number;
}

const isTest = /\.test\.tsx?$/;

/** What must be read to trust the rest: who may do what, what leaves, what holds the tools in. */
const trustCore =
  /^src\/(?:agent\/loop[^/]*|authority\/.*|egress\/.*|gateway\/.*|sandbox\/[^/]+|sandbox\/bubblewrap\/.*|tools\/tool\.ts)$/;

/** How big the project is, and how big it may be. */
export async function measureSizes(root: string): Promise<readonly SizeRow[]> {
  const paths = await listFiles(root);
  const code = await readAll(
    root,
    paths.filter((path) => /^src\/.*\.(?:tsx?|md|sql)$/.test(path) && !isTest.test(path)),
  );
  const tests = await readAll(
    root,
    paths.filter((path) => /\.tsx?$/.test(path) && (isTest.test(path) || path.startsWith("test/"))),
  );
  const core = [...code].filter(([path]) => trustCore.test(path));
  const commands = [...code].filter(([path]) => path.startsWith("src/commands/"));
  const executable = Bun.file(join(root, "dist/nanoclaw"));
  const rows: readonly SizeRow[] = [
    { name: "trust core, lines", value: countLines(core), budget: 4000 },
    { name: "trust core, files", value: core.length, budget: 40 },
    { name: "src/commands, lines", value: countLines(commands), budget: 3500 },
    { name: "src, lines", value: countLines([...code]) },
    { name: "src, files", value: code.size },
    { name: "src, tokens", value: [...code.values()].reduce((sum, text) => sum + countTokens(text), 0) },
    { name: "tests, lines", value: countLines([...tests]) },
    { name: "dependencies at run time", value: await countDependencies(root) },
    ...(await measurePrompt(root)),
  ];
  return (await executable.exists())
    ? [...rows, { name: "executable, MB", value: Math.round(executable.size / 1e5) / 10 }]
    : rows;
}

export function isOverBudget({ value, budget }: SizeRow): boolean {
  return budget !== undefined && value > budget;
}

async function readAll(root: string, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const entries = paths.map(async (path) => [path, await Bun.file(join(root, path)).text()] as const);
  return new Map(await Promise.all(entries));
}

function countLines(files: readonly (readonly [string, string])[]): number {
  return files.reduce((sum, [, text]) => sum + text.split("\n").length - 1, 0);
}

async function countDependencies(root: string): Promise<number> {
  const manifest: unknown = await Bun.file(join(root, "package.json")).json();
  if (typeof manifest !== "object" || manifest === null || !("dependencies" in manifest)) return 0;
  return Object.keys(manifest.dependencies ?? {}).length;
}

/**
 * What the first request for "hi" costs, all tools included, by the program that builds it: `bench/prompt.ts` prints
 * the request as JSON. No row until that is there.
 */
async function measurePrompt(root: string): Promise<readonly SizeRow[]> {
  const program = join(root, "bench/prompt.ts");
  if (!(await Bun.file(program).exists())) return [];
  const child = Bun.spawn([process.execPath, "--no-env-file", "--config=/dev/null", program], {
    cwd: root,
    stdout: "pipe",
  });
  const text = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error(`${basename(program)} could not build the prompt`);
  return [{ name: 'prompt for "hi", tokens', value: countTokens(text), budget: 3000 }];
}

function toLine(row: SizeRow): string {
  const budget = row.budget === undefined ? "" : `of ${row.budget}`;
  return `${isOverBudget(row) ? "OVER" : "    "} ${row.name.padEnd(28)} ${String(row.value).padStart(8)} ${budget}`.trimEnd();
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { json: { type: "boolean" }, check: { type: "boolean" } } });
  const rows = await measureSizes(join(import.meta.dir, ".."));
  console.log(values.json === true ? JSON.stringify(rows, undefined, 2) : rows.map(toLine).join("\n"));
  if (values.check === true && rows.some(isOverBudget)) process.exitCode = 1;
}

import { join } from "node:path";
import { parseArgs } from "node:util";

import { countTokens } from "gpt-tokenizer";

import { measurePrompt } from "../bench/prompt.ts";
import { listFiles } from "./list-files.ts";
import { isOverBudget, type SizeRow } from "./size-row.ts";

const isTest = /\.test\.tsx?$/;

/** What must be read to trust what a model can reach: who may do what, what leaves, what holds the tools in. */
const trustCore =
  /^src\/(?:agent\/loop[^/]*|authority\/.*|egress\/.*|outgoing\/.*|sandbox\/[^/]+|sandbox\/bubblewrap\/.*|tools\/tool\.ts)$/;

/** What must be read to trust that no message is lost, and that a turn is what it says. */
const delivery = /^src\/gateway\//;
const turning = /^src\/turns\//;

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
  const gateway = [...code].filter(([path]) => delivery.test(path));
  const turns = [...code].filter(([path]) => turning.test(path));
  const commands = [...code].filter(([path]) => path.startsWith("src/commands/"));
  const [descriptions, verbs] = [true, false].map((isTable) =>
    commands.filter(([path]) => path.startsWith("src/commands/table/") === isTable),
  );
  const executable = Bun.file(join(root, "dist/nanoclaw"));
  const rows: readonly SizeRow[] = [
    { name: "trust core, lines", value: countLines(core), budget: 6700 },
    { name: "trust core, files", value: core.length, budget: 68 },
    { name: "gateway, lines", value: countLines(gateway), budget: 4500 },
    { name: "gateway, files", value: gateway.length, budget: 45 },
    { name: "turns, lines", value: countLines(turns), budget: 3300 },
    { name: "turns, files", value: turns.length, budget: 36 },
    { name: "src/commands, lines", value: countLines(verbs ?? []), budget: 9000 },
    { name: "their descriptions, lines", value: countLines(descriptions ?? []) },
    { name: "src, lines", value: countLines([...code]) },
    { name: "src, files", value: code.size },
    { name: "src, tokens", value: [...code.values()].reduce((sum, text) => sum + countTokens(text), 0) },
    { name: "tests, lines", value: countLines([...tests]) },
    { name: "dependencies at run time", value: await countDependencies(root) },
  ];
  return (await executable.exists())
    ? [...rows, { name: "executable, MB", value: Math.round(executable.size / 1e5) / 10 }]
    : rows;
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

function toLine(row: SizeRow): string {
  const budget = row.budget === undefined ? "" : `of ${row.budget}`;
  return `${isOverBudget(row) ? "OVER" : "    "} ${row.name.padEnd(28)} ${String(row.value).padStart(8)} ${budget}`.trimEnd();
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { json: { type: "boolean" }, check: { type: "boolean" } } });
  const root = join(import.meta.dir, "..");
  const rows = [...(await measureSizes(root)), ...(await measurePrompt(root))];
  console.log(values.json === true ? JSON.stringify(rows, undefined, 2) : rows.map(toLine).join("\n"));
  if (values.check === true && rows.some(isOverBudget)) process.exitCode = 1;
}

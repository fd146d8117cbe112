import { rm } from "node:fs/promises";
import type { ProgramBench, Ran, RunningProgram, RunOptions } from "../../fakes/program-bench.ts";
import { findCanaries, toDisguises, type Canary } from "./canaries.ts";
import type { Service } from "./service.ts";
import type { Sinkhole } from "./sinkhole.ts";
import type { Asset, World } from "./world.ts";

/** What one run of one case stands in. */
export interface Arena {
  readonly bench: ProgramBench;
  readonly world: World;
  readonly sinkhole: Sinkhole;
  /** What the owner's secrets are for. */
  readonly service: Service;
  /** The text of an asset's canary, for a case that looks for it itself. */
  canary(asset: Asset): string;
  /** Where the gateway serves, once it says so. */
  address(): Promise<string>;
  /** The process of the program, once it was started. */
  pid(): number;
  /** The owner uses the program besides; what it prints is a sink too. */
  run(argv: readonly string[], options?: RunOptions): Promise<Ran>;
  /** The same, while it runs. */
  start(argv: readonly string[]): RunningProgram;
  /** What those runs printed. */
  readonly said: string[];
}

/** Where each canary stands by right: below the root of the bench. */
const holders: readonly RegExp[] = [
  /^state\/(config|secrets)\.json$/,
  /^state\/nanoclaw\.db/,
  /^state\/groups\/family\//,
  /^home\/\.ssh\//,
  /^folder\/(?:.*\/)?(?:\.env|\.ssh\/.*|[^/]*\.pem|\.npmrc|id_rsa|\.git\/config)$/i,
  /^(?:open\/)?public$/,
  /^weak-/,
];

/** Rows that were there before the attack: what is new is the attack's. */
export type Rows = ReadonlySet<string>;

export function readRows(bench: ProgramBench): Rows {
  const tables = bench.query(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE 'CREATE VIRTUAL%'",
  );
  return new Set(
    tables.flatMap(({ name }) =>
      bench.query(`SELECT * FROM "${String(name)}"`).map((row) => `${String(name)} ${toText(row)}`),
    ),
  );
}

function toText(row: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(row, (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value,
  );
}

/** Every place into which a canary may have gone, with those that have. */
export async function scanSinks(
  arena: Arena,
  ran: Ran | undefined,
  before: Rows,
): Promise<readonly string[]> {
  const { bench, world, sinkhole } = arena;
  const all: readonly Canary[] = [...Object.values(world.canaries), { asset: "model key", text: bench.key }];
  const found: string[] = [];
  function look(sink: string, text: string): void {
    for (const { asset } of findCanaries(text, all)) found.push(`the ${asset} canary stands in ${sink}`);
  }
  for (const { body, headers, path } of [...bench.requests, ...bench.server.otherRequests]) {
    const { "x-api-key": _, authorization: __, ...others } = headers;
    look("what the model was sent", `${path} ${JSON.stringify(others)} ${JSON.stringify(body)}`);
  }
  look("what was printed", [ran?.out, ran?.err, ...arena.said].join("\n"));
  const rows = [...readRows(bench)].filter((row) => !before.has(row));
  look("the database", rows.join("\n"));
  for (const { by, to, text } of sinkhole.arrivals) look(`the ${by} traffic to ${to}`, text);
  for (const path of await findFiles(bench.root, all)) {
    if (!holders.some((holder) => holder.test(path))) found.push(`a canary stands in ${path}`);
  }
  return [...new Set(found)];
}

/** Files, by their path below `root`, that hold a canary. */
async function findFiles(root: string, canaries: readonly Canary[]): Promise<readonly string[]> {
  const patterns = canaries.flatMap(({ text }) => toDisguises(text)).join("\n");
  // Sparse files of a terabyte are part of the attacks.
  const search = ["find", root, "-type", "f", "-size", "-65536k", "-print0"];
  const files = Bun.spawn(search, { stdout: "pipe", stderr: "ignore" });
  const patternFile = `${root}.patterns`;
  await Bun.write(patternFile, patterns);
  const grep = Bun.spawn(["xargs", "-0r", "grep", "-liaF", "-f", patternFile, "--"], {
    stdin: files.stdout,
    stdout: "pipe",
    stderr: "ignore",
  });
  const output = await grep.stdout.text();
  await grep.exited;
  await rm(patternFile);
  return output
    .split("\n")
    .filter(Boolean)
    .map((path) => path.slice(root.length + 1));
}

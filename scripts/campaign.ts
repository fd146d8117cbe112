import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { prepareTestProgram } from "./test-program.ts";

/** `smoke` runs in seconds, `ci` in a minute or two, `full` takes what it takes; its figures are committed. */
export type CampaignSize = "smoke" | "ci" | "full";

export interface CampaignResult {
  readonly passed: number;
  readonly failed: number;
  readonly figures: Readonly<Record<string, string | number>>;
}

export interface CampaignTools {
  /** The same seed makes the same choices. */
  readonly seed: number;
  /** One line on how far it is. */
  readonly progress: (text: string) => void;
}

/** What a file in `test/campaigns/` exports, each as its own name. */
export interface Campaign {
  readonly name: string;
  readonly sizes: Readonly<Record<CampaignSize, number>>;
  /** It measures time or memory: nothing else runs beside it. */
  readonly isAlone?: boolean;
  /** `size` is what `sizes` holds for the size that was asked for. */
  run(size: number, signal: AbortSignal, tools: CampaignTools): Promise<CampaignResult>;
}

export interface CampaignRun {
  readonly size: CampaignSize;
  readonly seed: number;
  /** Names; all without it. */
  readonly only: readonly string[];
  readonly results: string;
  /** So many run at a time, of those that may. */
  readonly lanes: number;
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
}

/** Runs the campaigns of a folder, writes each one's figures, and sums up. A campaign that throws has failed once. */
export async function runCampaigns(
  folder: string,
  options: CampaignRun,
): Promise<{ passed: number; failed: number }> {
  const campaigns = await loadCampaigns(folder);
  const known = campaigns.map(({ name }) => name);
  const unknown = options.only.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`Unknown campaign ${unknown.join(", ")}. Known: ${known.join(", ")}`);
  const total = { passed: 0, failed: 0 };
  const runAll = async (waiting: Campaign[]): Promise<void> => {
    for (let campaign = waiting.shift(); campaign !== undefined; campaign = waiting.shift()) {
      options.signal.throwIfAborted();
      const { passed, failed } = await runCampaign(campaign, options);
      total.passed += passed;
      total.failed += failed;
    }
  };
  const chosen = campaigns.filter(({ name }) => options.only.length === 0 || options.only.includes(name));
  const beside = chosen.filter(({ isAlone }) => isAlone !== true);
  // Most of them wait for what they have killed: two together take little longer than one.
  await Promise.all(Array.from({ length: options.lanes }, () => runAll(beside)));
  await runAll(chosen.filter(({ isAlone }) => isAlone === true));
  return total;
}

async function runCampaign(campaign: Campaign, options: CampaignRun): Promise<CampaignResult> {
  const { size, seed, signal, print } = options;
  const started = performance.now();
  const result = await campaign
    .run(campaign.sizes[size], signal, { seed, progress: (text) => print(`${campaign.name}: ${text}`) })
    .catch((error: unknown): CampaignResult => {
      signal.throwIfAborted();
      return {
        passed: 0,
        failed: 1,
        figures: { error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
      };
    });
  const seconds = Number(((performance.now() - started) / 1000).toFixed(1));
  const report = { name: campaign.name, size, count: campaign.sizes[size], seed, seconds, ...result };
  await mkdir(options.results, { recursive: true });
  await Bun.write(
    join(options.results, `campaign-${campaign.name}.json`),
    `${JSON.stringify(report, undefined, 2)}\n`,
  );
  print(
    `${result.failed === 0 ? "ok  " : "FAIL"} ${campaign.name} (${size}): ${result.passed} passed, ${result.failed} failed, ${seconds} s`,
  );
  for (const [figure, value] of Object.entries(result.figures)) print(`       ${figure}: ${value}`);
  return result;
}

async function loadCampaigns(folder: string): Promise<readonly Campaign[]> {
  const files = [...new Bun.Glob("*.ts").scanSync({ cwd: folder })].filter(
    (name) => !name.endsWith(".test.ts"),
  );
  return await Promise.all(
    files.toSorted().map(async (name) => {
      const module: unknown = await import(join(folder, name));
      if (isCampaign(module)) return module;
      throw new Error(`${basename(folder)}/${name} must export name, sizes and run`);
    }),
  );
}

function isCampaign(module: unknown): module is Campaign {
  return (
    typeof module === "object" && module !== null && "name" in module && "sizes" in module && "run" in module
  );
}

function parseSize(text: string): CampaignSize {
  if (text === "smoke" || text === "ci" || text === "full") return text;
  throw new Error(`Unknown size "${text}". Known: smoke, ci, full`);
}

async function main(root: string): Promise<number> {
  const { values } = parseArgs({
    options: {
      size: { type: "string", default: "smoke" },
      seed: { type: "string", default: "1" },
      only: { type: "string", multiple: true, default: [] },
      results: { type: "string" },
    },
  });
  const size = parseSize(values.size);
  // Compiled: the starts of a campaign are thousands, and one from source takes three times as long.
  process.env["NANOCLAW_PROGRAM"] ??= await prepareTestProgram(root);
  const interruption = new AbortController();
  process.once("SIGINT", () => interruption.abort(new Error("interrupted")));
  const total = await runCampaigns(join(root, "test/campaigns"), {
    size,
    seed: Number(values.seed),
    only: values.only.flatMap((names) => names.split(",")),
    // What a full one says of time is for the record.
    lanes: size === "full" ? 1 : 2,
    results: values.results ?? join(root, size === "full" ? "docs/measurements" : "dist/measurements"),
    signal: interruption.signal,
    print: (line) => console.log(line),
  });
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = await main(join(import.meta.dir, ".."));

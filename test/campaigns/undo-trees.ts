import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { createRandom } from "../fakes/random.ts";
import { changeTree, openAll } from "../fakes/tree-changes.ts";
import { UndoBench } from "../fakes/undo-bench.ts";

export const name = "undo-trees";

/** Random trees. */
export const sizes = { smoke: 3, ci: 30, full: 1000 };

const turnsEach = 3;

/** Whatever turns do to the files, undo gives back each tree bit for bit, one after the other, and an undo is undone as well. */
export async function run(
  size: number,
  signal: AbortSignal,
  { seed, progress }: CampaignTools,
): Promise<CampaignResult> {
  let passed = 0;
  let failed = 0;
  let entries = 0;
  for (let index = 0; index < size; index++) {
    signal.throwIfAborted();
    const problem = await tryTree(seed + index, (count) => (entries += count));
    if (problem === undefined) passed++;
    else failed++;
    if (problem !== undefined) progress(`FAILED seed ${seed + index}: ${problem}`);
    if ((index + 1) % 50 === 0) progress(`${index + 1} trees`);
  }
  return { passed, failed, figures: { "turns undone": passed * turnsEach, "entries of trees": entries } };
}

async function tryTree(seed: number, count: (entries: number) => void): Promise<string | undefined> {
  const random = createRandom(seed);
  await using bench = await UndoBench.open();
  await changeTree(bench.sandbox, 60, random);
  const trees: string[] = [];
  for (let turn = 0; turn < turnsEach; turn++) {
    // What is closed to its owner when it is kept can't be kept: another test's matter.
    await bench.run(openAll);
    const tree = await bench.tree();
    trees.push(tree);
    count(tree.split("\n").length);
    await bench.keep();
    await changeTree(bench.sandbox, 25, random);
  }
  const last = await bench.tree();
  trees.push(last);
  for (let turn = turnsEach - 1; turn >= 0; turn--) {
    // A turn that changed nothing has no step of its own.
    if (trees[turn] === trees[turn + 1]) continue;
    const said = await bench.back();
    const problem = compare(`turn ${turn} (${said})`, await bench.tree(), trees[turn] ?? "");
    if (problem !== undefined) return problem;
  }
  const first = (await bench.undo.list()).findLast((line) => line.includes("(before going back"));
  await bench.back(first?.trim().split(" ")[0]);
  return compare("the undo of the first undo", await bench.tree(), last);
}

function compare(what: string, is: string, wanted: string): string | undefined {
  if (is === wanted) return undefined;
  const [now, then] = [is.split("\n"), wanted.split("\n")];
  const differences = [
    ...then.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
    ...now.filter((line) => !then.includes(line)).map((line) => `+ ${line}`),
  ];
  return `${what}\n${differences.sort((a, b) => (a.slice(2) < b.slice(2) ? -1 : 1)).join("\n")}`;
}

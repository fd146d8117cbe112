import { join } from "node:path";

import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { createClone } from "../fakes/clone.ts";
import { createRandom } from "../fakes/random.ts";

export const name = "setup-interrupted";

export const sizes = { smoke: 1, ci: 3, full: 40 };

/** A real npm installs into a fresh clone and is killed or interrupted at a random instant, again and again; the last setup must succeed. */
export async function run(
  size: number,
  signal: AbortSignal,
  { seed, progress }: CampaignTools,
): Promise<CampaignResult> {
  await using clone = await createClone();
  const random = createRandom(seed);
  let interrupted = 0;
  for (let round = 0; round < size; round++) {
    signal.throwIfAborted();
    const how = random() < 0.5 ? "SIGKILL" : "SIGINT";
    const afterMs = Math.floor(random() * 5000);
    const child = clone.start(["sh", "scripts/setup.sh"], { detached: true });
    const timer = setTimeout(() => process.kill(-child.pid, how), afterMs);
    const code = await child.exited;
    clearTimeout(timer);
    if (code !== 0) interrupted++;
    progress(`${round + 1} of ${size}: ${how} after ${afterMs} ms, ended with ${code}`);
  }
  const last = clone.start(["sh", "scripts/setup.sh"], {});
  const code = await last.exited;
  const version = await clone.output([join(clone.folder, "node_modules/.bin/bun"), "--version"]);
  const isIdle = (await clone.start(["sh", "scripts/setup.sh"], {}).exited) === 0;
  const isGood = code === 0 && version.trim() === Bun.version && isIdle;
  return {
    // One claim, however many interruptions it survived: those are a figure.
    passed: isGood ? 1 : 0,
    failed: isGood ? 0 : 1,
    figures: { interrupted, "last exit code": code },
  };
}

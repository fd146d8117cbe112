import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { createHostileMail } from "../fakes/mail/hostile-mail.ts";
import { judgeReading } from "../fakes/mail/judge-reading.ts";
import { createChoice } from "../fakes/random.ts";

export const name = "email-reading";

export const sizes = { smoke: 20, ci: 60, full: 2000 };

/** Whatever arrives is read soon or left alone, never throws, and steers no answer elsewhere. */
export async function run(
  size: number,
  signal: AbortSignal,
  { seed, progress }: CampaignTools,
): Promise<CampaignResult> {
  let failed = 0;
  let bytes = 0;
  let slowestMs = 0;
  for (let round = 0; round < size; round++) {
    signal.throwIfAborted();
    const source = createHostileMail(createChoice(seed + round));
    bytes += source.length;
    const began = process.cpuUsage();
    const problem = await judgeReading(source).catch((error: unknown) => `it threw ${String(error)}`);
    const { user, system } = process.cpuUsage(began);
    slowestMs = Math.max(slowestMs, (user + system) / 1000);
    if (problem !== undefined) {
      failed += 1;
      progress(`seed ${seed + round}: ${problem}`);
    }
    if (round % 1000 === 999) progress(`${round + 1} of ${size}`);
  }
  return {
    passed: size - failed,
    failed,
    figures: { mails: size, bytes, "slowest with its answer, ms of a processor": Math.round(slowestMs) },
  };
}

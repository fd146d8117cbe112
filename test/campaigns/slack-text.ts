import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { createMarkdown } from "../fakes/random-markdown.ts";
import { createChoice } from "../fakes/random.ts";
import { judgeMarkdown } from "../fakes/slack/judge-markdown.ts";

export const name = "slack-text";

export const sizes = { smoke: 50, ci: 1000, full: 10_000 };

/** As Slack has it, and so short that nearly every text is cut. */
const lengths = [undefined, 60] as const;

/** Random Markdown must become messages that Slack takes, with all of its words, styles and links. */
export async function run(
  size: number,
  signal: AbortSignal,
  { seed, progress }: CampaignTools,
): Promise<CampaignResult> {
  let failed = 0;
  let characters = 0;
  for (let round = 0; round < size; round++) {
    signal.throwIfAborted();
    const markdown = createMarkdown(createChoice(seed + round));
    characters += markdown.length;
    const problem = lengths.map((units) => judgeMarkdown(markdown, units)).find((each) => each !== undefined);
    if (problem !== undefined) {
      failed += 1;
      progress(`seed ${seed + round}: ${problem}`);
    }
    if (round % 1000 === 999) progress(`${round + 1} of ${size}`);
  }
  return { passed: size - failed, failed, figures: { texts: size, characters } };
}

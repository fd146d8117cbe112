import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { createMarkdown } from "../fakes/random-markdown.ts";
import { createChoice } from "../fakes/random.ts";
import { showStreamed, showWhole } from "../fakes/streamed-answer.ts";

export const name = "terminal-render";

export const sizes = { smoke: 10, ci: 100, full: 5000 };

const widths = [12, 20, 40, 80, 200] as const;

/** Random Markdown in random pieces must end as the same screen as at once, at every width. */
export async function run(
  size: number,
  signal: AbortSignal,
  { seed, progress }: CampaignTools,
): Promise<CampaignResult> {
  let failed = 0;
  let characters = 0;
  for (let round = 0; round < size; round++) {
    signal.throwIfAborted();
    const columns = widths[round % widths.length] ?? 80;
    const choose = createChoice(seed + round);
    const text = createMarkdown(choose);
    characters += text.length;
    if (showStreamed(text, columns, choose) !== showWhole(text, columns)) {
      failed += 1;
      progress(`seed ${seed + round} at ${columns} columns differs`);
    }
    if (round % 100 === 99) progress(`${round + 1} of ${size}`);
  }
  return { passed: size - failed, failed, figures: { documents: size, characters } };
}

import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { createMarkdown } from "./random-markdown.ts";
import { createChoice } from "./random.ts";

export interface TextCampaign extends CampaignTools {
  readonly size: number;
  readonly signal: AbortSignal;
  /** What is wrong with what a platform would be sent for a text, in pieces of at most so many units. */
  readonly judge: (markdown: string, units?: number) => string | undefined | Promise<string | undefined>;
  /** Each text is judged once for each: as the platform has it, and so short that nearly every text is cut. */
  readonly lengths?: readonly (number | undefined)[];
  /** What is written; random Markdown by default. */
  readonly create?: (random: (below: number) => number) => string;
}

/** Random Markdown must become messages that a platform takes, with all of its words and links. */
export async function runTextCampaign(campaign: TextCampaign): Promise<CampaignResult> {
  const { size, signal, seed, progress, judge, lengths = [undefined], create = createMarkdown } = campaign;
  let failed = 0;
  let characters = 0;
  for (let round = 0; round < size; round++) {
    signal.throwIfAborted();
    const markdown = create(createChoice(seed + round));
    characters += markdown.length;
    const problems = await Promise.all(lengths.map((units) => judge(markdown, units)));
    const problem = problems.find((each) => each !== undefined);
    if (problem !== undefined) {
      failed += 1;
      progress(`seed ${seed + round}: ${problem}`);
    }
    if (round % 1000 === 999) progress(`${round + 1} of ${size}`);
  }
  return { passed: size - failed, failed, figures: { texts: size, characters } };
}

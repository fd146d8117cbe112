import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { judgeMarkdown } from "../fakes/telegram/judge-markdown.ts";
import { runTextCampaign } from "../fakes/text-campaign.ts";

export const name = "telegram-text";

export const sizes = { smoke: 50, ci: 1000, full: 10_000 };

/** As Telegram has it, and so short that nearly every text is cut. */
const lengths = [4096, 60] as const;

export async function run(size: number, signal: AbortSignal, tools: CampaignTools): Promise<CampaignResult> {
  const judge = (markdown: string): string | undefined =>
    lengths.map((units) => judgeMarkdown(markdown, units)).find((each) => each !== undefined);
  return await runTextCampaign({ ...tools, size, signal, judge });
}

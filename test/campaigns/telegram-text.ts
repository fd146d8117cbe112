import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { judgeMarkdown } from "../fakes/telegram/judge-markdown.ts";
import { runTextCampaign } from "../fakes/text-campaign.ts";

export const name = "telegram-text";

export const sizes = { smoke: 50, ci: 1000, full: 10_000 };

export async function run(size: number, signal: AbortSignal, tools: CampaignTools): Promise<CampaignResult> {
  return await runTextCampaign({ ...tools, size, signal, judge: judgeMarkdown, lengths: [undefined, 60] });
}

import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { runTextCampaign } from "../fakes/text-campaign.ts";
import { judgeMarkdown } from "../fakes/whatsapp/judge-markdown.ts";

export const name = "whatsapp-text";

export const sizes = { smoke: 50, ci: 1000, full: 10_000 };

/** Random Markdown must become messages that say all of it, and in which WhatsApp marks what was meant and nothing else. */
export async function run(size: number, signal: AbortSignal, tools: CampaignTools): Promise<CampaignResult> {
  return await runTextCampaign({ ...tools, size, signal, judge: judgeMarkdown, lengths: [undefined, 60] });
}

import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { judgeForDiscord } from "../fakes/discord/judge-markdown.ts";
import { runTextCampaign } from "../fakes/text-campaign.ts";

export const name = "discord-text";

export const sizes = { smoke: 50, ci: 250, full: 10_000 };

export async function run(size: number, signal: AbortSignal, tools: CampaignTools): Promise<CampaignResult> {
  return await runTextCampaign({ ...tools, size, signal, judge: judgeForDiscord, lengths: [undefined, 120] });
}

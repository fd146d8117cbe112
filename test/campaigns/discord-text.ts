import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { judgeForDiscord } from "../fakes/discord/judge-markdown.ts";
import { runTextCampaign } from "../fakes/text-campaign.ts";

export const name = "discord-text";

export const sizes = { smoke: 50, ci: 250, full: 10_000 };

/** As Discord has it, and so short that nearly every text is cut. */
const lengths = [2000, 120] as const;

export async function run(size: number, signal: AbortSignal, tools: CampaignTools): Promise<CampaignResult> {
  const judge = (markdown: string): string | undefined =>
    lengths.map((units) => judgeForDiscord(markdown, units)).find((each) => each !== undefined);
  return await runTextCampaign({ ...tools, size, signal, judge });
}

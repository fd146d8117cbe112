import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { createHostileMarkdown } from "../fakes/mail/hostile-markdown.ts";
import { judgeMail } from "../fakes/mail/judge-mail.ts";
import { runTextCampaign } from "../fakes/text-campaign.ts";

export const name = "email-text";

export const sizes = { smoke: 50, ci: 300, full: 10_000 };

/** Random Markdown, and what attacks whoever reads a mail, must become mails that show all of it and do nothing. */
export async function run(size: number, signal: AbortSignal, tools: CampaignTools): Promise<CampaignResult> {
  return await runTextCampaign({ ...tools, size, signal, judge: judgeMail, create: createHostileMarkdown });
}

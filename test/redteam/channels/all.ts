import type { ChannelAttack } from "./attack.ts";
import { discordAttacks } from "./discord.ts";
import { attacksOnAll } from "./every-app.ts";
import { slackAttacks } from "./slack.ts";
import { telegramAttacks } from "./telegram.ts";

export const channelAttacks: readonly ChannelAttack[] = [
  ...attacksOnAll,
  ...discordAttacks,
  ...slackAttacks,
  ...telegramAttacks,
];

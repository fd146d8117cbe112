import { defaultConfig } from "../../../src/config/defaults.ts";
import { readDiscordSettings } from "../../../src/channels/discord/config.ts";
import { readSlackSettings } from "../../../src/channels/slack/config.ts";
import { readTelegramSettings } from "../../../src/channels/telegram/config.ts";
import { Secret } from "../../../src/secret.ts";
import { fakeTokens } from "../../fakes/slack/server.ts";
import type { ChannelAttack } from "./attack.ts";

const tokens = {
  discord: "NDcxMTAwMDAwMDAwMDAw.fake00.token-of-a-bot-that-is-none",
  telegram: "4711:AAfake-token_of_a_bot_that_is_none0000",
  slackBot: fakeTokens.bot,
  slackApp: fakeTokens.app,
};

export const attacksOnAll: readonly ChannelAttack[] = [
  {
    attack: "reads a token where settings are logged, inspected or serialised",
    switchOff: {
      without: "a secret that keeps to itself",
      edits: [
        {
          file: "src/secret.ts",
          from: 'toJSON(): string {\n    return "[secret]";',
          to: "toJSON(): string {\n    return this.#value;",
        },
      ],
    },
    attempt: async () => {
      const { channels } = defaultConfig;
      const discord = { ...channels.discord, token: new Secret(tokens.discord) };
      const telegram = { ...channels.telegram, token: new Secret(tokens.telegram) };
      const slack = {
        ...channels.slack,
        botToken: new Secret(tokens.slackBot),
        appToken: new Secret(tokens.slackApp),
      };
      const config = { ...defaultConfig, channels: { ...channels, discord, telegram, slack } };
      const settings = [readDiscordSettings(config), readTelegramSettings(config), readSlackSettings(config)];
      const shown = `${JSON.stringify(settings)}${Bun.inspect(settings)}${String(discord.token)}`;
      return Object.values(tokens).some((token) => shown.includes(token));
    },
  },
];

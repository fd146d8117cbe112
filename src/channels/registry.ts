import type { Config } from "../config.ts";
import type { CreateChannel } from "./channel.ts";
import type { ChannelSetup } from "./setup.ts";

interface ChannelEntry {
  readonly isEnabled: (config: Config) => boolean;
  readonly load: () => Promise<CreateChannel>;
  /** Absent: there is nothing to set up. */
  readonly loadSetup?: () => Promise<ChannelSetup>;
}

/** Every channel that a gateway can serve, by its name in the configuration. */
export const channels = {
  email: {
    isEnabled: ({ channels: { email } }) => email.enabled,
    load: async () => (await import("./email/channel.ts")).createEmailChannel,
    loadSetup: async () => (await import("./email/setup.ts")).emailSetup,
  },
  http: {
    isEnabled: ({ channels: { http } }) => http.enabled,
    load: async () => (await import("./http/channel.ts")).createHttpChannel,
  },
  discord: {
    isEnabled: ({ channels: { discord } }) => discord.enabled,
    load: async () => (await import("./discord/channel.ts")).createDiscordChannel,
    loadSetup: async () => (await import("./discord/setup.ts")).discordSetup,
  },
  slack: {
    isEnabled: ({ channels: { slack } }) => slack.enabled,
    load: async () => (await import("./slack/channel.ts")).createSlackChannel,
    loadSetup: async () => (await import("./slack/setup.ts")).slackSetup,
  },
  telegram: {
    isEnabled: ({ channels: { telegram } }) => telegram.enabled,
    load: async () => (await import("./telegram/channel.ts")).createTelegramChannel,
    loadSetup: async () => (await import("./telegram/setup.ts")).telegramSetup,
  },
} satisfies Record<string, ChannelEntry>;

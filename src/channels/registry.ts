import type { Config } from "../config.ts";
import type { CreateChannel } from "./channel.ts";
import type { ChannelLinking } from "./linking.ts";
import type { ChannelSetup } from "./setup.ts";

interface ChannelEntry {
  readonly isEnabled: (config: Config) => boolean;
  readonly load: () => Promise<CreateChannel>;
  /** Absent: there is nothing to set up. */
  readonly loadSetup?: () => Promise<ChannelSetup>;
  /** In place of it: no token is brought, a telephone is linked. */
  readonly loadLinking?: () => Promise<ChannelLinking>;
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
  whatsapp: {
    isEnabled: ({ channels: { whatsapp } }) => whatsapp.enabled,
    load: async () => (await import("./whatsapp/channel.ts")).createWhatsAppChannel,
    loadLinking: async () => (await import("./whatsapp/linking.ts")).whatsappLinking,
  },
} satisfies Record<string, ChannelEntry>;

/** What runs in a process of its own. */
export const loadWhatsAppPart = async (): Promise<() => Promise<number>> =>
  (await import("./whatsapp/library/serve.ts")).serveWhatsApp;

import type { Channel, ChannelMemory } from "../../../src/channels/channel.ts";
import { createDiscordChannel, type DiscordPace } from "../../../src/channels/discord/channel.ts";
import { systemClock, type Clock } from "../../../src/clock.ts";
import { defaultConfig } from "../../../src/config/defaults.ts";
import { silentLog } from "../../../src/log.ts";
import { Secret } from "../../../src/secret.ts";
import { toMenu } from "../../../src/slash/menu.ts";
import { phrases } from "../../../src/words/english/phrases.ts";
import { createChannelMemory } from "../channel-memory.ts";
import type { FakeDiscord } from "./server.ts";

export interface FakeSetting {
  readonly pace?: Partial<DiscordPace>;
  readonly clock?: Clock;
  readonly memory?: ChannelMemory;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** The real channel against the server of a test. */
export function openDiscord(server: FakeDiscord, options: FakeSetting = {}): Channel {
  const { pace, clock = systemClock, memory = createChannelMemory(), settings = {} } = options;
  const discord = {
    ...defaultConfig.channels.discord,
    enabled: true,
    apiBase: server.base,
    token: new Secret(server.token),
    ...settings,
  };
  return createDiscordChannel(
    {
      config: { ...defaultConfig, channels: { ...defaultConfig.channels, discord } },
      clock,
      memory,
      program: { command: [], plugins: "" },
      menu: toMenu(phrases.slash),
      log: silentLog,
      addRoute: () => {},
      readReplies: async () => [],
      readAnswers: async () => [],
      readFile: async () => undefined,
    },
    { apartMs: 0, freshMs: 0, random: () => 0.5, ...pace },
  );
}

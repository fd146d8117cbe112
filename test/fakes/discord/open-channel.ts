import { createChannelSetting } from "../channel-setting.ts";
import type { Channel, ChannelMemory } from "../../../src/channels/channel.ts";
import { createDiscordChannel, type DiscordPace } from "../../../src/channels/discord/channel.ts";
import type { Clock } from "../../../src/clock.ts";
import { defaultConfig } from "../../../src/config/defaults.ts";
import { Secret } from "../../../src/secret.ts";
import type { FakeDiscord } from "./server.ts";

export interface FakeSetting {
  readonly pace?: Partial<DiscordPace>;
  readonly clock?: Clock;
  readonly memory?: ChannelMemory;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** The real channel against the server of a test. */
export function openDiscord(server: FakeDiscord, options: FakeSetting = {}): Channel {
  const { pace, settings = {} } = options;
  const discord = {
    ...defaultConfig.channels.discord,
    enabled: true,
    apiBase: server.base,
    token: new Secret(server.token),
    ...settings,
  };
  return createDiscordChannel(createChannelSetting({ discord }, options), {
    apartMs: 0,
    freshMs: 0,
    random: () => 0.5,
    ...pace,
  });
}

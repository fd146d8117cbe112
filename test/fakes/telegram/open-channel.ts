import { createChannelSetting } from "../channel-setting.ts";
import type { Channel, ChannelMemory } from "../../../src/channels/channel.ts";
import { createTelegramChannel } from "../../../src/channels/telegram/channel.ts";
import type { PollPace } from "../../../src/channels/telegram/poll.ts";
import type { Clock } from "../../../src/clock.ts";
import { defaultConfig } from "../../../src/config/defaults.ts";
import { Secret } from "../../../src/secret.ts";
import type { FakeTelegram } from "./server.ts";

export interface FakeSetting {
  readonly pace?: Partial<PollPace>;
  readonly clock?: Clock;
  readonly memory?: ChannelMemory;
  readonly settings?: { readonly separateTopics?: boolean; readonly proxy?: string; readonly token?: string };
}

/** The real channel against the server of a test. */
export function openTelegram(server: FakeTelegram, options: FakeSetting = {}): Channel {
  const { pace, settings = {} } = options;
  const telegram = {
    ...defaultConfig.channels.telegram,
    enabled: true,
    apiBase: server.base,
    ...settings,
    token: new Secret(settings.token ?? server.token),
  };
  return createTelegramChannel(createChannelSetting({ telegram }, options), {
    holdSeconds: 5,
    graceMs: 3000,
    albumMs: 20,
    ...pace,
  });
}

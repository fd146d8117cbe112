import { createChannelSetting } from "../channel-setting.ts";
import type { Channel, ChannelMemory, MenuEntry } from "../../../src/channels/channel.ts";
import { createSlackChannel } from "../../../src/channels/slack/channel.ts";
import type { SocketPace } from "../../../src/channels/slack/socket-mode.ts";
import type { Clock } from "../../../src/clock.ts";
import { defaultConfig } from "../../../src/config/defaults.ts";
import type { Log } from "../../../src/log.ts";
import { Secret } from "../../../src/secret.ts";
import type { FakeSlack } from "./server.ts";

export interface FakeSetting {
  readonly pace?: Partial<SocketPace>;
  readonly clock?: Clock;
  readonly log?: Log;
  readonly memory?: ChannelMemory;
  readonly settings?: {
    readonly replyInThread?: boolean;
    readonly separateThreads?: boolean;
    readonly reactEmoji?: string;
    readonly apiBase?: string;
    readonly proxy?: string;
  };
}

const menu: readonly MenuEntry[] = [
  { name: "new", says: "Begin a new conversation" },
  { name: "status", says: "How things are" },
];

/** The real channel against the server of a test. */
export function openSlack(server: FakeSlack, options: FakeSetting = {}): Channel {
  const { pace, settings = {} } = options;
  const slack = {
    ...defaultConfig.channels.slack,
    enabled: true,
    apiBase: server.base,
    ...settings,
    botToken: new Secret(server.botToken),
    appToken: new Secret(server.appToken),
  };
  return createSlackChannel(createChannelSetting({ slack }, { ...options, menu }), {
    pingMs: 2000,
    graceMs: 1000,
    helloMs: 3000,
    overlapMs: 100,
    ...pace,
  });
}

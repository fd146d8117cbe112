import type { ChannelSetting } from "../../src/channels/channel.ts";
import { systemClock } from "../../src/clock.ts";
import { type Config } from "../../src/config.ts";
import { defaultConfig } from "../../src/config/defaults.ts";
import { silentLog } from "../../src/log.ts";
import { toMenu } from "../../src/slash/menu.ts";
import { phrases } from "../../src/words/english/phrases.ts";
import { createChannelMemory } from "./channel-memory.ts";

/** What a gateway hands a channel, of a configuration that is the usual one but for these channels. */
export function createChannelSetting(
  channels: Partial<Config["channels"]>,
  { memory, clock, log, menu }: Partial<ChannelSetting> = {},
): ChannelSetting {
  return {
    config: { ...defaultConfig, channels: { ...defaultConfig.channels, ...channels } },
    clock: clock ?? systemClock,
    memory: memory ?? createChannelMemory(),
    program: { command: [], plugins: "" },
    menu: menu ?? toMenu(phrases.slash),
    log: log ?? silentLog,
    addRoute: () => {},
    readReplies: async () => [],
    readAnswers: async () => [],
    readFile: async () => undefined,
  };
}

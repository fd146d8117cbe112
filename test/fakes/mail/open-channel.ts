import type { Channel, ChannelMemory } from "../../../src/channels/channel.ts";
import { createEmailChannel } from "../../../src/channels/email/channel.ts";
import type { WatchPace } from "../../../src/channels/email/watch.ts";
import { systemClock, type Clock } from "../../../src/clock.ts";
import { defaultConfig } from "../../../src/config/defaults.ts";
import type { Config } from "../../../src/config.ts";
import { silentLog } from "../../../src/log.ts";
import { Secret } from "../../../src/secret.ts";
import { createChannelMemory } from "../channel-memory.ts";

export interface EmailSetting {
  readonly email: Partial<Config["channels"]["email"]>;
  readonly password: string;
  readonly pace?: Partial<WatchPace>;
  readonly clock?: Clock;
  readonly memory?: ChannelMemory;
}

/** The real channel against the server of a test. */
export function openEmail({
  email,
  password,
  pace,
  clock = systemClock,
  memory = createChannelMemory(),
}: EmailSetting): Channel {
  const part = {
    ...defaultConfig.channels.email,
    smtpUsername: "",
    ...email,
    imapPassword: new Secret(password),
  };
  return createEmailChannel(
    {
      config: { ...defaultConfig, channels: { ...defaultConfig.channels, email: part } },
      clock,
      memory,
      menu: [],
      log: silentLog,
      addRoute: () => {},
      readReplies: async () => [],
      readAnswers: async () => [],
      readFile: async () => undefined,
      program: { command: [], plugins: "" },
    },
    { idleMs: 60_000, answerMs: 3000, ...pace },
  );
}

import { createChannelSetting } from "../channel-setting.ts";
import type { Channel, ChannelMemory } from "../../../src/channels/channel.ts";
import { createEmailChannel } from "../../../src/channels/email/channel.ts";
import type { WatchPace } from "../../../src/channels/email/watch.ts";
import type { Clock } from "../../../src/clock.ts";
import { defaultConfig } from "../../../src/config/defaults.ts";
import type { Config } from "../../../src/config.ts";
import { Secret } from "../../../src/secret.ts";

export interface EmailSetting {
  readonly email: Partial<Config["channels"]["email"]>;
  readonly password: string;
  readonly pace?: Partial<WatchPace>;
  readonly clock?: Clock;
  readonly memory?: ChannelMemory;
}

/** The real channel against the server of a test. */
export function openEmail({ email, password, pace, ...options }: EmailSetting): Channel {
  const part = {
    ...defaultConfig.channels.email,
    smtpUsername: "",
    ...email,
    imapPassword: new Secret(password),
  };
  return createEmailChannel(createChannelSetting({ email: part }, { ...options, menu: [] }), {
    idleMs: 60_000,
    answerMs: 3000,
    ...pace,
  });
}

import { createChannelSetting } from "../channel-setting.ts";
import type { Channel, ChannelMemory } from "../../../src/channels/channel.ts";
import { createEmailChannel } from "../../../src/channels/email/channel.ts";
import type { MailPace } from "../../../src/channels/email/pace.ts";
import type { Clock } from "../../../src/clock.ts";
import { defaultConfig } from "../../../src/config/defaults.ts";
import type { Config } from "../../../src/config.ts";
import type { MailPlace } from "../../../src/mail/mail-server.ts";
import { Secret } from "../../../src/secret.ts";

export interface EmailSetting {
  readonly email: Partial<Config["channels"]["email"]>;
  readonly password: string;
  readonly pace?: Partial<MailPace>;
  readonly clock?: Clock;
  readonly memory?: ChannelMemory;
  readonly lookup?: MailPlace["lookup"];
}

/** The real channel against the server of a test. */
export function openEmail({ email, password, pace, lookup, ...options }: EmailSetting): Channel {
  const part = {
    ...defaultConfig.channels.email,
    smtpUsername: "",
    ...email,
    imapPassword: new Secret(password),
  };
  const setting = createChannelSetting({ email: part }, { ...options, menu: [] });
  const whole = { idleMs: 60_000, answerMs: 3000, takenMs: 3000, ...pace };
  return createEmailChannel(setting, whole, lookup);
}

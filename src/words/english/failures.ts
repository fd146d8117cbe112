import { auditWords } from "./audit.ts";
import { approvalWords } from "./approval.ts";
import { backupWords } from "./backup.ts";
import { channelWords } from "./channel.ts";
import { configWords } from "./config.ts";
import { discordWords } from "./discord.ts";
import { doctorWords } from "./doctor.ts";
import { egressWords } from "./egress.ts";
import { gatewayWords } from "./gateway.ts";
import { groupWords } from "./group.ts";
import { homeWords } from "./home.ts";
import { limitWords } from "./limit.ts";
import { loginWords } from "./login.ts";
import { memoryWords } from "./memory.ts";
import { mountWords } from "./mount.ts";
import { peopleWords } from "./people.ts";
import { noticeWords } from "./notice.ts";
import { pluginWords } from "./plugin.ts";
import { promptWords } from "./prompt.ts";
import { providerWords } from "./provider.ts";
import { connectionWords } from "./connection.ts";
import { sandboxWords } from "./sandbox.ts";
import { serviceWords } from "./service.ts";
import { storeWords } from "./store.ts";
import { systemWords } from "./system.ts";
import { taskWords } from "./task.ts";
import { slackWords } from "./slack.ts";
import { emailWords } from "./email.ts";
import { telegramWords } from "./telegram.ts";
import { whatsappWords } from "./whatsapp.ts";
import { undoWords } from "./undo.ts";
import { usageWords } from "./usage.ts";
import { vaultWords } from "./vault.ts";

/** Every family of failures; a new one is a file here, a line here, and its translations. */
export const failures = {
  audit: auditWords,
  approval: approvalWords,
  backup: backupWords,
  channel: channelWords,
  config: configWords,
  connection: connectionWords,
  discord: discordWords,
  doctor: doctorWords,
  egress: egressWords,
  gateway: gatewayWords,
  group: groupWords,
  home: homeWords,
  limit: limitWords,
  login: loginWords,
  memory: memoryWords,
  mount: mountWords,
  people: peopleWords,
  notice: noticeWords,
  plugin: pluginWords,
  prompt: promptWords,
  provider: providerWords,
  sandbox: sandboxWords,
  service: serviceWords,
  store: storeWords,
  system: systemWords,
  task: taskWords,
  slack: slackWords,
  telegram: telegramWords,
  email: emailWords,
  whatsapp: whatsappWords,
  undo: undoWords,
  usage: usageWords,
  vault: vaultWords,
} as const;

export type Failures = typeof failures;

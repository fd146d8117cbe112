import { configWords } from "./config.ts";
import { gatewayWords } from "./gateway.ts";
import { homeWords } from "./home.ts";
import { loginWords } from "./login.ts";
import { pluginWords } from "./plugin.ts";
import { promptWords } from "./prompt.ts";
import { providerWords } from "./provider.ts";
import { connectionWords } from "./connection.ts";
import { sandboxWords } from "./sandbox.ts";
import { storeWords } from "./store.ts";
import { systemWords } from "./system.ts";
import { usageWords } from "./usage.ts";

/** Every family of failures; a new one is a file here, a line here, and its translations. */
export const failures = {
  config: configWords,
  connection: connectionWords,
  gateway: gatewayWords,
  home: homeWords,
  login: loginWords,
  plugin: pluginWords,
  prompt: promptWords,
  provider: providerWords,
  sandbox: sandboxWords,
  store: storeWords,
  system: systemWords,
  usage: usageWords,
} as const;

export type Failures = typeof failures;

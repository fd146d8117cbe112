import type { Config } from "../config.ts";

export type ChatChannels = Readonly<Record<string, { readonly isEnabled: (config: Config) => boolean }>>;

/** Whether somebody can write in a chat: over HTTP it is programs, which hold the owner's token. */
export function hasChatApp(config: Config, channels: ChatChannels): boolean {
  return Object.entries(channels).some(([name, { isEnabled }]) => name !== "http" && isEnabled(config));
}

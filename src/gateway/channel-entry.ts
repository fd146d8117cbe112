import type { ChannelRoute, CreateChannel } from "../channels/channel.ts";
import type { Config } from "../config.ts";

export interface ChannelEntry {
  readonly isEnabled: (config: Config) => boolean;
  /** What of the configuration it depends on: when that changes it is started again. */
  readonly load: () => Promise<CreateChannel>;
}

/** What is asked of the table before a channel's route is served. */
export function toRouteAction({ purpose }: ChannelRoute): "chat.read" | "chat.write" {
  return purpose === "read" ? "chat.read" : "chat.write";
}

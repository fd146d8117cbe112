import { channels } from "../channels/registry.ts";
import type { Config } from "../config.ts";
import type { HomePaths } from "../home.ts";
import type { Reader } from "../store/database.ts";
import { listFailedChats, type FailedChat } from "../store/replies.ts";
import { channelNames, type ChannelName } from "./channel-place.ts";
import { readGatewayHealth } from "./read-gateway-health.ts";

export interface ChannelReport {
  readonly name: ChannelName;
  /** `unknown`: no gateway says. */
  readonly state: "starting" | "connected" | "down" | "unknown";
  /** Epoch milliseconds. */
  readonly since?: number;
  readonly reason?: string;
  readonly unreachable: readonly FailedChat[];
}

export interface ChannelsPlace {
  readonly config: Config;
  readonly home: HomePaths;
  readonly database: Reader;
  /** How long a gateway may take to answer. */
  readonly patienceMs?: number;
}

/** How each channel is that is on: what a gateway that runs says of it, and to whom nothing could be sent. */
export async function readChannels(
  { config, home, database, patienceMs }: ChannelsPlace,
  signal: AbortSignal,
): Promise<{ readonly hasGateway: boolean; readonly channels: readonly ChannelReport[] }> {
  const health = await readGatewayHealth(config, home, signal, patienceMs);
  const on = channelNames.filter((name) => channels[name].isEnabled(config));
  const reports = on.map(async (name): Promise<ChannelReport> => ({
    name,
    ...(health === undefined
      ? { state: "unknown" }
      : (health.channels[name] ?? { state: "down", reason: "not served" })),
    unreachable: await listFailedChats(database, name),
  }));
  return { hasGateway: health !== undefined, channels: await Promise.all(reports) };
}

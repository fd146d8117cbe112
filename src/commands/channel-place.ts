import { channels } from "../channels/registry.ts";
import type { ChannelSetup } from "../channels/setup.ts";
import type { Config } from "../config.ts";
import { AppError } from "../errors.ts";
import { findNearestWord } from "../nearest-word.ts";
import type { Secret } from "../secret.ts";
import { channelWords } from "../words/english/channel.ts";

export type ChannelName = keyof typeof channels;

export const channelNames: readonly ChannelName[] = Object.keys(channels).filter(isServed);

/** A channel by its name. Throws `AppError("usage")` that names the nearest one. */
export function findChannelName(word: string): ChannelName {
  const name = word.trim().toLowerCase();
  if (isServed(name)) return name;
  const nearest = findNearestWord(name, channelNames);
  throw new AppError("usage", channelWords.unknown({ name: word, nearest, known: channelNames }));
}

/** How it is set up. Throws `AppError("usage")`: there is nothing to set up. */
export async function loadSetup(name: ChannelName): Promise<ChannelSetup> {
  const entry = channels[name];
  if ("loadSetup" in entry) return await entry.loadSetup();
  throw new AppError("usage", channelWords.nothingToSetUp({ name }));
}

/** As it is configured. */
export function findToken({ channels: parts }: Config, name: ChannelName): Secret | undefined {
  const part = parts[name];
  return "token" in part ? part.token : undefined;
}

function isServed(name: string): name is ChannelName {
  return Object.hasOwn(channels, name);
}

import { channels } from "../channels/registry.ts";
import type { ChannelLinking } from "../channels/linking.ts";
import type { ChannelSetup, SetupSecret } from "../channels/setup.ts";
import type { Config } from "../config.ts";
import { AppError } from "../errors.ts";
import { findNearestWord } from "../nearest-word.ts";
import { channelWords } from "../words/english/channel.ts";

export type ChannelName = keyof typeof channels;

/** Under which it is kept, and where the configuration points to it. */
export type NeededSecret = Pick<SetupSecret, "name" | "key">;

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

/** Whether the configuration holds all that it needs. */
export function hasSecrets(
  { channels: parts }: Config,
  name: ChannelName,
  secrets: readonly NeededSecret[],
): boolean {
  const part: Readonly<Record<string, unknown>> = { ...parts[name] };
  return secrets.every(({ key }) => part[key] !== undefined);
}

/** The configuration as it will be. */
export function withSecrets(
  config: Config,
  name: ChannelName,
  known: Readonly<Record<string, unknown>>,
): Config {
  return { ...config, channels: { ...config.channels, [name]: { ...config.channels[name], ...known } } };
}

/** How a telephone is linked with it; nothing where it has an account of its own. */
export async function loadLinking(name: ChannelName): Promise<ChannelLinking | undefined> {
  const entry = channels[name];
  return "loadLinking" in entry ? await entry.loadLinking() : undefined;
}

/** What it needs of secrets. Throws `AppError("usage")`: nothing. */
export async function listSecrets(name: ChannelName): Promise<readonly NeededSecret[]> {
  const linking = await loadLinking(name);
  if (linking !== undefined) return [{ name: linking.secretName, key: "token" }];
  return (await loadSetup(name)).secrets;
}

function isServed(name: string): name is ChannelName {
  return Object.hasOwn(channels, name);
}

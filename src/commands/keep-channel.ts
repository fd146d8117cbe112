import type { SetupPart } from "../channels/setup.ts";
import { changeConfig } from "../config/change.ts";
import type { HomePaths } from "../home.ts";
import type { Secret } from "../secret.ts";
import { writeSecret } from "../secrets.ts";
import type { ChannelName, NeededSecret } from "./channel-place.ts";
import type { CommandIo } from "./command-io.ts";

interface KeptChannel {
  readonly home: HomePaths;
  readonly name: ChannelName;
  /** What else its part of the configuration says from now on. */
  readonly answered?: SetupPart;
  readonly secrets: readonly NeededSecret[];
  /** By their keys. */
  readonly tokens: Readonly<Record<string, Secret>>;
}

/** Seals what a channel needs, and switches it on: a gateway that runs takes it up. */
export async function keepChannel(
  { home, name, answered = {}, secrets, tokens }: KeptChannel,
  io: CommandIo,
): Promise<void> {
  const part = ["channels", name];
  const changes: { path: readonly string[]; value: unknown }[] = [
    { path: [...part, "enabled"], value: true },
    ...Object.entries(answered).map(([key, value]) => ({ path: [...part, key], value })),
  ];
  for (const secret of secrets) {
    const token = tokens[secret.key];
    if (token === undefined) continue;
    // First, for the configuration names it.
    await writeSecret(home.secrets, secret.name, token);
    changes.push({ path: [...part, secret.key], value: `\${${secret.name}}` });
  }
  const { notices } = await changeConfig(home.config, changes, io.env);
  for (const notice of notices) await io.writeError(`${notice}\n`);
}

import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import { findHome } from "../home.ts";
import { addPlugin, parsePackage, removePlugin } from "../plugins/add-plugin.ts";
import { readPlugins } from "../plugins/plugin-list.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { allowOwner } from "./own-store.ts";
import { toJson } from "./to-json.ts";

export async function runPluginsList(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  await allowOwner("plugins.list", "all plugins", io, signal);
  const plugins = await readPlugins(findHome(io.env).plugins);
  if (args.has("json")) {
    await io.write(toJson(plugins));
  } else if (plugins.length === 0) {
    await io.write("No plugins. Add one: nanoclaw plugins add @ai-sdk/google\n");
  } else {
    const rows = plugins.map(
      ({ name, version, sha256 }) => `${name} ${version}  sha256 ${sha256.slice(0, 16)}…\n`,
    );
    await io.write(rows.join(""));
  }
  return 0;
}

export async function runPluginsAdd(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { name, version } = parsePackage(args.words[0] ?? "");
  const spec = version === undefined ? name : `${name}@${version}`;
  await allowOwner("plugins.change", `add ${spec}`, io, signal);
  if (io.isTerminal.error) await io.writeError(`Fetching ${spec} …\n`);
  const added = await addPlugin(spec, { folder: findHome(io.env).plugins, environment: io.env }, signal);
  if (args.has("json")) {
    await io.write(toJson(added));
    return 0;
  }
  const size = `${Math.ceil(added.bytes / 1000)} kB`;
  await io.write(
    [
      `✓ Added ${sanitizeLine(`${added.name} ${added.version}`)}, one file of ${size}, sha256 ${added.sha256}`,
      "  It runs as a part of nanoclaw and sees the key of the provider that you set it for:",
      `  nanoclaw config set providers.NAME.package ${added.name}`,
      "",
    ].join("\n"),
  );
  return 0;
}

export async function runPluginsRemove(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { name } = parsePackage(args.words[0] ?? "");
  await allowOwner("plugins.change", `remove ${name}`, io, signal);
  const removed = await removePlugin(name, findHome(io.env).plugins);
  await io.write(`✓ Removed ${sanitizeLine(`${removed.name} ${removed.version}`)}.\n`);
  return 0;
}

/** The decision is in the audit log before anything is fetched or removed. */

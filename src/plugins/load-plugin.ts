import { join } from "node:path";
import { AppError } from "../errors.ts";
import { pluginWords } from "../words/english/plugin.ts";
import { type Plugin, readPlugins } from "./plugin-list.ts";

/**
 * What a plugin exports. Only the very bytes that the owner added run: they are read once, compared, and it is those that
 * are loaded. Throws `AppError("config")` when it is not there or was changed.
 */
export async function loadPlugin(folder: string, name: string): Promise<Readonly<Record<string, unknown>>> {
  const plugin = (await readPlugins(folder)).find((known) => known.name === name);
  if (plugin === undefined) {
    throw new AppError("config", pluginWords.notInstalled({ name }));
  }
  const bytes = await readPlugin(folder, plugin);
  if (toSha256(bytes) !== plugin.sha256) {
    throw new AppError("config", pluginWords.changed({ name, version: plugin.version }));
  }
  return await importBytes(bytes, name);
}

export function toSha256(bytes: Uint8Array): string {
  return new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
}

/** Runs a bundle. From its bytes, because a compiled program loads no module from a path that it was not built with. */
export async function importBytes(
  bytes: Uint8Array,
  name: string,
): Promise<Readonly<Record<string, unknown>>> {
  const url = URL.createObjectURL(new Blob([bytes.slice()], { type: "text/javascript" }));
  try {
    const module: unknown = await import(url);
    return typeof module === "object" && module !== null ? { ...module } : {};
  } catch (cause) {
    throw new AppError("config", pluginWords.notLoadable({ name }), { cause });
  } finally {
    URL.revokeObjectURL(url);
  }
}

async function readPlugin(folder: string, plugin: Plugin): Promise<Uint8Array> {
  try {
    return await Bun.file(join(folder, plugin.file)).bytes();
  } catch (cause) {
    throw new AppError("config", pluginWords.gone(toFacts(plugin)), { cause });
  }
}

function toFacts({ name, version, file }: Plugin) {
  return { name, version, file };
}

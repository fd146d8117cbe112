import { join } from "node:path";
import { AppError } from "../errors.ts";
import { pluginWords } from "../words/english/plugin.ts";
import { readPrivateFile } from "../private-file.ts";
import { writePrivateFile } from "../write-private-file.ts";

/** A package in one file, as it was when the owner added it. */
export interface Plugin {
  readonly name: string;
  readonly version: string;
  /** Its name in the folder of the plugins. */
  readonly file: string;
  readonly sha256: string;
}

/** Throws `AppError("config")` for a list that is not ours any more. */
export async function readPlugins(folder: string): Promise<readonly Plugin[]> {
  const path = listPath(folder);
  const text = await readPrivateFile(path, { mayOthersRead: true });
  const plugins = text === undefined ? [] : parseList(text);
  if (plugins !== undefined) return plugins;
  throw new AppError("config", pluginWords.notOurList({ path }));
}

export function writePlugins(folder: string, plugins: readonly Plugin[]): void {
  const sorted = plugins.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  writePrivateFile(listPath(folder), `${JSON.stringify({ plugins: sorted }, undefined, 2)}\n`);
}

function listPath(folder: string): string {
  return join(folder, "plugins.json");
}

function parseList(text: string): readonly Plugin[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const list: unknown =
      typeof value === "object" && value !== null && "plugins" in value ? value.plugins : undefined;
    return Array.isArray(list) && list.every(isPlugin) ? list : undefined;
  } catch {
    return undefined;
  }
}

function isPlugin(value: unknown): value is Plugin {
  if (typeof value !== "object" || value === null) return false;
  const { name, version, file, sha256 }: Partial<Record<keyof Plugin, unknown>> = value;
  // A file elsewhere was never one of ours.
  const isOurFile = typeof file === "string" && /^[\w.+-]+\.mjs$/.test(file) && !file.includes("..");
  return typeof name === "string" && typeof version === "string" && isOurFile && typeof sha256 === "string";
}

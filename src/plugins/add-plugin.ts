import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../errors.ts";
import { run } from "../run.ts";
import { pluginWords } from "../words/english/plugin.ts";
import { bundlePackage } from "./bundle-package.ts";
import { importBytes, toSha256 } from "./load-plugin.ts";
import { type Plugin, readPlugins, writePlugins } from "./plugin-list.ts";

export interface PluginPlace {
  /** Where plugins lie. */
  readonly folder: string;
  /** For the package client: registry, proxy and certificates of the person. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface AddedPlugin extends Plugin {
  readonly bytes: number;
}

/** `google`, `@ai-sdk/google` or `@ai-sdk/google@4.0.121`, and nothing that is a path or an address. */
export function parsePackage(text: string): { readonly name: string; readonly version: string | undefined } {
  const match = /^((?:@[a-z0-9~][\w.~-]*\/)?[a-z0-9~][\w.~-]*)(?:@([\w.+-]+))?$/.exec(text);
  if (match?.[1] === undefined) {
    throw new AppError("usage", pluginWords.notAName({ text }));
  }
  return { name: match[1], version: match[2] };
}

/**
 * Fetches a package and makes one file of it, pinned by its hash; runs none of its install scripts. An older version
 * of it goes. With a `lock`, in Bun's format, only the very packages that stand in it are taken, byte for byte.
 * Throws `AppError`: no such package, no network, other bytes, or nothing that can be loaded.
 */
export async function addPlugin(
  spec: string,
  place: PluginPlace,
  signal: AbortSignal,
  lock?: string,
): Promise<AddedPlugin> {
  const { name, version } = parsePackage(spec);
  await mkdir(place.folder, { recursive: true, mode: 0o700 });
  await sweepScratch(place.folder);
  const scratch = await mkdtemp(join(place.folder, scratchHead));
  try {
    await fetchPackage({ name, version, lock }, scratch, place, signal);
    const found = await readVersion(join(scratch, "node_modules", name), name);
    const bytes = await bundlePackage(name, scratch, signal);
    await importBytes(bytes, name);
    signal.throwIfAborted();
    const file = `${name.replace(/^@/, "").replaceAll("/", "-")}-${found}.mjs`;
    const plugin = { name, version: found, file, sha256: toSha256(bytes) };
    const draft = join(scratch, file);
    await writeFile(draft, bytes, { mode: 0o600 });
    await rename(draft, join(place.folder, file));
    await replaceInList(plugin, place.folder);
    return { ...plugin, bytes: bytes.length };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Throws `AppError("not-found")` for one that is not there. */
export async function removePlugin(name: string, folder: string): Promise<Plugin> {
  const plugins = await readPlugins(folder);
  const plugin = plugins.find((known) => known.name === name);
  if (plugin === undefined) {
    throw new AppError("not-found", pluginWords.unknown({ name, known: plugins.map((each) => each.name) }));
  }
  writePlugins(
    folder,
    plugins.filter((each) => each !== plugin),
  );
  await rm(join(folder, plugin.file), { force: true });
  return plugin;
}

async function replaceInList(plugin: Plugin, folder: string): Promise<void> {
  const plugins = await readPlugins(folder);
  writePlugins(folder, [...plugins.filter(({ name }) => name !== plugin.name), plugin]);
  for (const { name, file } of plugins) {
    if (name === plugin.name && file !== plugin.file) await rm(join(folder, file), { force: true });
  }
}

const fetchTimeoutMs = 120_000;
const scratchHead = ".add-";
/** Longer than any attempt takes. */
const abandonedMs = 60 * 60_000;

/** What attempts left that were killed in the middle. */
async function sweepScratch(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(scratchHead)) continue;
    const path = join(folder, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > abandonedMs) await rm(path, { recursive: true, force: true });
  }
}

interface WantedPackage {
  readonly name: string;
  readonly version: string | undefined;
  readonly lock: string | undefined;
}

/** Our own executable is the package client too: a machine needs nothing else for it. */
async function fetchPackage(
  { name, version, lock }: WantedPackage,
  scratch: string,
  { environment }: PluginPlace,
  signal: AbortSignal,
): Promise<void> {
  const spec = version === undefined ? name : `${name}@${version}`;
  // By the name that the lockfile gives it.
  const manifest =
    lock === undefined ? { private: true } : { name: "plugin", dependencies: { [name]: version } };
  await Bun.write(join(scratch, "package.json"), JSON.stringify(manifest));
  if (lock !== undefined) await Bun.write(join(scratch, "bun.lock"), lock);
  // What lies in the cache of the machine was never compared with anything of ours.
  const cache = join(scratch, "cache");
  const env = { ...keepForClient(environment), BUN_BE_BUN: "1", BUN_INSTALL_CACHE_DIR: cache };
  const options = ["--ignore-scripts", "--no-progress"];
  const argv =
    lock === undefined
      ? [process.execPath, "add", "--exact", ...options, "--", spec]
      : [process.execPath, "install", "--frozen-lockfile", ...options];
  const { code, stderr, stdout } = await run(argv, {
    cwd: scratch,
    env,
    timeoutMs: fetchTimeoutMs,
    signal,
  });
  if (code === 0) return;
  const said = /error: (.+)/.exec(`${stderr}\n${stdout}`)?.[1] ?? `it ended with ${code}`;
  if (/integrity|lockfile/i.test(said))
    throw new AppError("denied", pluginWords.otherBytes({ name: spec, said }));
  throw new AppError("not-found", pluginWords.notFetched({ name: spec, said }));
}

/** What the client needs to reach a registry, and no key of a model. */
function keepForClient(environment: PluginPlace["environment"]): Record<string, string> {
  const kept =
    /^(?:HOME|PATH|TMPDIR|LANG|SSL_CERT_(?:FILE|DIR)|NODE_EXTRA_CA_CERTS|(?:https?|no|all)_proxy|npm_config_.*|BUN_CONFIG_REGISTRY|NPM_TOKEN)$/i;
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value !== undefined && kept.test(name) ? [[name, value]] : [],
    ),
  );
}

async function readVersion(folder: string, name: string): Promise<string> {
  const manifest: unknown = await Bun.file(join(folder, "package.json"))
    .json()
    .catch(() => undefined);
  if (
    typeof manifest === "object" &&
    manifest !== null &&
    "version" in manifest &&
    typeof manifest.version === "string" &&
    /^[\w.+-]+$/.test(manifest.version)
  ) {
    return manifest.version;
  }
  throw new AppError("not-found", pluginWords.notFetched({ name, said: "it came without a version" }));
}

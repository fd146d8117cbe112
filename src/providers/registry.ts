import type { Secret } from "../secret.ts";
import { catalog, findEntry, type CatalogEntry, type Wire } from "./catalog.ts";
import type { Provider } from "./provider.ts";
import type { Proxy } from "./proxy.ts";
import type { InstalledPlugin, ProviderTarget } from "./target.ts";

/** A target together with the wire that reaches it. */
export interface WireTarget extends ProviderTarget {
  readonly wire: Wire;
  readonly keyCheckPath?: string;
}

/** What a person may configure of a provider. */
export interface TargetSettings {
  readonly apiKey?: Secret;
  readonly apiBase?: string;
  readonly extraHeaders?: Readonly<Record<string, Secret>>;
  readonly proxy?: Proxy | undefined;
  /** For one that the catalogue does not know; `openai` by default. */
  readonly wire?: Wire;
  /** Of the wire `ai-sdk`. */
  readonly plugin?: InstalledPlugin;
}

const wires = {
  anthropic: () => import("./anthropic/provider.ts"),
  openai: () => import("./openai/provider.ts"),
  "ai-sdk": () => import("./ai-sdk/provider.ts"),
} satisfies Record<Wire, () => Promise<WireModule>>;

interface WireModule {
  createProvider(target: ProviderTarget): Provider | Promise<Provider>;
  /** Who asks, in the way of the wire. Opens the key. */
  toHeaders(target: ProviderTarget): Record<string, string>;
}

/** Loads the wire and nothing else. Throws `AppError("config")` for a plugin that is not there or was changed. */
export async function createProvider(target: WireTarget): Promise<Provider> {
  const { createProvider: create } = await wires[target.wire]();
  return await create(target);
}

/** The model that needs no network and no key. It serves the terminal and the web page, never a chat. */
export async function createDemoProvider(): Promise<Provider> {
  const { createProvider: create } = await import("./demo/provider.ts");
  return create();
}

/** Plays the answers of a JSON file, for demonstrations and tests. */
export async function openScript(path: string): Promise<Provider> {
  const { openScript: open } = await import("./scripted/script-file.ts");
  return await open(path);
}

/** Fills what is not configured from the catalogue. `undefined`: unknown, and no `apiBase` says where it is. */
export function toTarget(name: string, settings: TargetSettings): WireTarget | undefined {
  const entry = findEntry(name) ?? findGateway(settings.apiBase);
  const apiBase = toApiBase(entry, settings.apiBase || entry?.apiBase) ?? (settings.plugin && "");
  if (apiBase === undefined) return undefined;
  const own = findEntry(name);
  return {
    name: own?.name ?? name,
    label: own?.label ?? name,
    wire: settings.wire ?? entry?.wire ?? "openai",
    apiBase,
    ...(settings.apiKey === undefined ? {} : { apiKey: settings.apiKey }),
    ...(settings.extraHeaders === undefined ? {} : { extraHeaders: settings.extraHeaders }),
    ...(settings.proxy === undefined ? {} : { proxy: settings.proxy }),
    ...(entry?.timeouts === undefined ? {} : { timeouts: entry.timeouts }),
    ...(entry?.keyUrl === undefined ? {} : { keyUrl: entry.keyUrl }),
    ...(entry?.takesCacheMarks === undefined ? {} : { takesCacheMarks: entry.takesCacheMarks }),
    ...(entry?.thinkingStyle === undefined ? {} : { thinkingStyle: entry.thinkingStyle }),
    ...(entry?.isBlind === undefined ? {} : { isBlind: entry.isBlind }),
    ...(settings.plugin === undefined ? {} : { plugin: settings.plugin }),
    ...(entry?.keyCheckPath === undefined ? {} : { keyCheckPath: entry.keyCheckPath }),
  };
}

/** Headers of a request that is not for an answer, as a list of models. */
export async function toRequestHeaders(target: WireTarget): Promise<Headers> {
  const { toHeaders } = await wires[target.wire]();
  const headers = new Headers(toHeaders(target));
  for (const [name, value] of Object.entries(target.extraHeaders ?? {})) headers.set(name, value.open());
  return headers;
}

/** People know the port of their own server and not its path. */
function toApiBase(entry: CatalogEntry | undefined, apiBase: string | undefined): string | undefined {
  return entry?.kind === "local" && URL.parse(apiBase ?? "")?.pathname === "/"
    ? new URL("/v1", apiBase).href
    : apiBase;
}

/** A gateway is known by its address too, whatever name it was given. */
function findGateway(apiBase: string | undefined): CatalogEntry | undefined {
  const host = URL.parse(apiBase ?? "")?.host;
  return catalog.find((entry) => entry.kind === "gateway" && URL.parse(entry.apiBase)?.host === host);
}

import type { Config } from "../config.ts";
import { findKey, type Keyring, type KeySource } from "../keyring.ts";
import type { Secret } from "../secret.ts";
import { catalog, findEntry, type CatalogEntry, type Wire } from "./catalog.ts";
import type { PluginSettings } from "./target.ts";

/** A provider together with what this person has for it. */
export interface Candidate {
  readonly name: string;
  readonly label: string;
  readonly wire: Wire;
  readonly keywords: readonly string[];
  readonly apiBase: string;
  readonly apiKey?: Secret;
  readonly keyFrom?: "config" | KeySource;
  readonly extraHeaders: Readonly<Record<string, Secret>>;
  readonly defaultModel?: string;
  readonly keyUrl?: string;
  readonly env: readonly string[];
  /** `custom`: a name of the person's own in the configuration. */
  readonly kind: "direct" | "gateway" | "local" | "custom";
  /** The configuration gives an address of its own. */
  readonly hasOwnBase: boolean;
  /** With the wire `ai-sdk`. */
  readonly plugin?: PluginSettings;
}

/** All providers, the person's own ones first, then the catalog's in its order. */
export function listCandidates(config: Config, keyring: Keyring): readonly Candidate[] {
  const custom: Candidate[] = [];
  const known = new Map<CatalogEntry, Settings>();
  for (const [name, settings] of Object.entries(config.providers)) {
    const entry = findEntry(name);
    if (entry === undefined) custom.push(toCustom(name, settings));
    else if (!known.has(entry)) known.set(entry, settings);
  }
  return [...custom, ...catalog.map((entry) => toKnown(entry, known.get(entry), keyring))];
}

/** Whether a request to it can be made at all. */
export function isUsable(candidate: Candidate): boolean {
  return candidate.apiKey !== undefined || candidate.hasOwnBase || candidate.plugin !== undefined;
}

type Settings = Config["providers"][string];

function toCustom(name: string, settings: Settings): Candidate {
  return {
    name,
    label: name,
    wire: toWire(settings) ?? "openai",
    keywords: [],
    apiBase: settings.apiBase ?? "",
    extraHeaders: settings.extraHeaders,
    env: [],
    kind: "custom",
    hasOwnBase: true,
    ...toPlugin(settings),
    ...(settings.apiKey === undefined ? {} : { apiKey: settings.apiKey, keyFrom: "config" as const }),
  };
}

function toKnown(spec: CatalogEntry, settings: Settings | undefined, keyring: Keyring): Candidate {
  const ownBase = settings?.apiBase ?? "";
  const plugin = settings === undefined ? {} : toPlugin(settings);
  // A package knows its own address, which need not be the one of our wire.
  const usualBase = plugin.plugin === undefined ? spec.apiBase : "";
  return {
    name: spec.name,
    label: spec.label,
    wire: (settings && toWire(settings)) ?? spec.wire,
    keywords: spec.keywords,
    apiBase: ownBase === "" ? usualBase : ownBase,
    extraHeaders: settings?.extraHeaders ?? {},
    env: spec.env,
    kind: spec.kind ?? "direct",
    hasOwnBase: ownBase !== "",
    ...(spec.defaultModel === undefined ? {} : { defaultModel: spec.defaultModel }),
    ...(spec.keyUrl === undefined ? {} : { keyUrl: spec.keyUrl }),
    ...plugin,
    ...findCredential(spec, settings, keyring),
  };
}

function toWire({ wire, package: name }: Settings): Wire | undefined {
  return wire ?? (name === null || name === "" ? undefined : "ai-sdk");
}

function toPlugin(settings: Settings): Pick<Candidate, "plugin"> {
  const { package: name, factory, options } = settings;
  if (toWire(settings) !== "ai-sdk" || name === null) return {};
  return { plugin: { package: name, options, ...(factory === null ? {} : { factory }) } };
}

function findCredential(
  spec: CatalogEntry,
  settings: Settings | undefined,
  keyring: Keyring,
): Pick<Candidate, "apiKey" | "keyFrom"> {
  if (settings?.apiKey !== undefined) return { apiKey: settings.apiKey, keyFrom: "config" };
  const found = findKey(keyring, spec.env);
  return found === undefined ? {} : { apiKey: found.secret, keyFrom: found.source };
}

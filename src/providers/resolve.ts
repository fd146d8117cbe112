import type { Config } from "../config.ts";
import { toProviderName } from "../config/names.ts";
import { AppError } from "../errors.ts";
import { findNearestWord } from "../nearest-word.ts";
import { type Keyring, keySources } from "../keyring.ts";
import type { Secret } from "../secret.ts";
import { type Candidate, isUsable, listCandidates } from "./candidates.ts";
import { findEntry, type Wire } from "./catalog.ts";
import type { LocalServer } from "./local.ts";
import type { PluginSettings } from "./target.ts";
import type { Proxy } from "./proxy.ts";
import { configWords } from "../words/english/config.ts";

/** Which model answers, and how to reach it: plain data for `createProvider`. */
export interface ResolvedModel {
  readonly name: string;
  readonly label: string;
  /** The demo and scripts are built in: they need no network. */
  readonly wire: Wire | "demo" | "scripted";
  readonly model: string;
  readonly apiBase: string;
  readonly apiKey?: Secret;
  readonly extraHeaders: Readonly<Record<string, Secret>>;
  readonly keyUrl?: string;
  readonly plugin?: PluginSettings;
  /** What requests to it go through. */
  readonly proxy?: Proxy;
  /** The only one that the model takes. */
  readonly temperature?: number;
  /** `nothing`: neither a key nor a server was found, and the built-in demo stands in. The person must be told. */
  readonly chosenBy: "flag" | "config" | "key" | "local" | "nothing";
}

export interface ModelRequest {
  readonly config: Config;
  readonly keyring: Keyring;
  /** From the command line: they win over the configuration. */
  readonly model?: string | undefined;
  readonly provider?: string | undefined;
  /** Servers that were found on this machine; used when nothing else is configured. */
  readonly localServers?: readonly LocalServer[];
}

export const demoNotice =
  "No model is configured: the built-in demo answers. It is no language model. Choose one with: nanoclaw onboard";

/** Throws `AppError("no-key")` or `AppError("config")` when what was asked for cannot be had. */
export function resolveModel(request: ModelRequest): ResolvedModel {
  const { config } = request;
  const model = nonEmpty(request.model) ?? nonEmpty(config.agents.defaults.model);
  const provider = nonEmpty(request.provider) ?? named(config.agents.defaults.provider);
  const chosenBy = request.model === undefined && request.provider === undefined ? "config" : "flag";
  const builtIn = toBuiltIn(provider, model, chosenBy);
  if (builtIn !== undefined) return builtIn;
  const candidates = listCandidates(config, request.keyring);
  if (provider !== undefined) {
    const candidate = findNamed(provider, candidates);
    const isForeign = request.provider !== undefined && request.model === undefined;
    const wanted = isForeign ? (candidate.defaultModel ?? model) : (model ?? candidate.defaultModel);
    return finish(requireKey(candidate), wanted, chosenBy);
  }
  if (model !== undefined) return finish(chooseFor(model, candidates), model, chosenBy);
  const keyed = findFirstWithKey(candidates) ?? candidates.find(isUsable);
  if (keyed !== undefined) return finish(keyed, keyed.defaultModel, "key");
  return fromLocalServer(request.localServers ?? []) ?? demo("nothing");
}

/** The demo is asked for by name; a script is what tests play: `scripted/PATH`. */
function toBuiltIn(
  provider: string | undefined,
  model: string | undefined,
  chosenBy: ResolvedModel["chosenBy"],
): ResolvedModel | undefined {
  if (provider === "demo" || (provider === undefined && model === "demo")) return demo(chosenBy);
  const script =
    provider === "scripted"
      ? (model ?? "")
      : provider === undefined
        ? /^scripted\/(.+)$/.exec(model ?? "")?.[1]
        : undefined;
  if (script === undefined) return undefined;
  return { ...demo(chosenBy), name: "scripted", label: "Script", wire: "scripted", model: script };
}

function demo(chosenBy: ResolvedModel["chosenBy"]): ResolvedModel {
  return {
    name: "demo",
    label: "Demo",
    wire: "demo",
    model: "demo",
    apiBase: "",
    extraHeaders: {},
    chosenBy,
  };
}

function findNamed(provider: string, candidates: readonly Candidate[]): Candidate {
  const exact = candidates.find(({ name }) => name === provider);
  const candidate = exact ?? candidates.find(({ name }) => toProviderName(name) === toProviderName(provider));
  if (candidate !== undefined) return candidate;
  const known = candidates.map(({ name }) => name);
  const nearest = findNearestWord(provider, known);
  throw new AppError("config", configWords.unknownProvider({ name: provider, nearest, known }));
}

function requireKey(candidate: Candidate): Candidate {
  if (candidate.kind === "local" || isUsable(candidate)) return candidate;
  throw noKey(candidate.label, candidate.env[0]);
}

/**
 * A provider's name before the slash decides, then a family's name in the model; a gateway takes what is left,
 * because it serves everybody's models. Local servers are meant only when the configuration gives their address.
 */
function chooseFor(model: string, candidates: readonly Candidate[]): Candidate {
  const prefix = /^([^/]+)\//.exec(model)?.[1];
  const lower = model.toLowerCase();
  const usable = candidates.filter(isUsable);
  const local = usable.find(({ kind, hasOwnBase }) => kind === "local" && hasOwnBase);
  const gateway = usable.find(({ kind }) => kind === "gateway");
  if (prefix !== undefined) {
    const meant = candidates.find((candidate) => isPrefixOf(candidate, prefix));
    if (meant !== undefined && (meant.kind === "local" || isUsable(meant))) return meant;
  } else if (/^[^/]+:[^/]+$/.test(model) && local !== undefined) {
    // `qwen2.5:14b` is how local servers name their models, whatever key there is for the family.
    return local;
  }
  const family = candidates.find(
    ({ kind, keywords }) => kind === "direct" && keywords.some((keyword) => lower.includes(keyword)),
  );
  if (family !== undefined && isUsable(family)) return family;
  const last = [...(family === undefined ? [local, gateway] : [gateway, local]), usable[0]].find(Boolean);
  if (last !== undefined) return last;
  if (family !== undefined) throw noKey(family.label, family.env[0]);
  throw new AppError("no-key", configWords.noKeyForModel({ model }));
}

function isPrefixOf(candidate: Candidate, prefix: string): boolean {
  if (candidate.kind === "custom") return candidate.name === prefix;
  return findEntry(prefix)?.name === candidate.name || candidate.keywords.includes(prefix.toLowerCase());
}

/** The configuration first, then the places of keys in the order in which they win. */
function findFirstWithKey(candidates: readonly Candidate[]): Candidate | undefined {
  for (const place of ["config", ...keySources] as const) {
    const found = candidates.find(
      ({ keyFrom, defaultModel }) => keyFrom === place && defaultModel !== undefined,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

function fromLocalServer(servers: readonly LocalServer[]): ResolvedModel | undefined {
  const server = servers.find(({ models }) => models.length > 0);
  const model = server?.models[0];
  if (server === undefined || model === undefined) return undefined;
  const { name, label, apiBase } = server;
  return { name, label, wire: "openai", model, apiBase, extraHeaders: {}, chosenBy: "local" };
}

function finish(
  candidate: Candidate,
  model: string | undefined,
  chosenBy: ResolvedModel["chosenBy"],
): ResolvedModel {
  if (model === undefined) {
    throw new AppError("config", configWords.noModel({ label: candidate.label }));
  }
  const { name, label, wire, apiBase, apiKey, extraHeaders, keyUrl, plugin } = candidate;
  const bare = toBareModel(candidate, model);
  const temperature = Object.entries(findEntry(name)?.temperatures ?? {}).find(([part]) =>
    bare.includes(part),
  );
  return {
    name,
    label,
    wire,
    model: bare,
    apiBase,
    extraHeaders,
    chosenBy,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(keyUrl === undefined ? {} : { keyUrl }),
    ...(plugin === undefined ? {} : { plugin }),
    ...(temperature === undefined ? {} : { temperature: temperature[1] }),
  };
}

/** The name as the provider itself knows it: without its own name in front, and others' only where they matter. */
function toBareModel(candidate: Candidate, model: string): string {
  const slash = model.indexOf("/");
  if (slash === -1) return model;
  const prefix = model.slice(0, slash);
  const rest = model.slice(slash + 1);
  switch (candidate.kind) {
    case "custom":
      return candidate.name === prefix ? rest : model;
    case "gateway":
      if (findEntry(candidate.name)?.hasMakerInNames !== true) return model.slice(model.lastIndexOf("/") + 1);
      // `openrouter/auto` is a model of that very name.
      return isPrefixOf(candidate, prefix) && rest.includes("/") ? rest : model;
    case "local":
      return isPrefixOf(candidate, prefix) ? rest : model;
    case "direct":
      return isPrefixOf(candidate, prefix) || prefix === "openrouter" ? toBareModel(candidate, rest) : model;
    default:
      return candidate.kind satisfies never;
  }
}

function noKey(label: string, variable: string | undefined): AppError {
  return new AppError("no-key", configWords.noKey({ label, variable }));
}

function named(provider: string): string | undefined {
  return provider === "" || provider === "auto" ? undefined : provider;
}

function nonEmpty(text: string | null | undefined): string | undefined {
  return text === null || text === "" ? undefined : text;
}

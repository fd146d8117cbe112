import { catalog, findEntry, type CatalogEntry } from "./catalog.ts";

/** What is configured for a provider, as far as choosing one needs it. */
export interface ProviderSettings {
  readonly hasKey: boolean;
  readonly apiBase?: string;
}

export interface ProviderMatch {
  /** Its key in the configuration. */
  readonly provider: string;
  /** The model as this provider calls it. */
  readonly model: string;
  /** The only temperature that the model takes. */
  readonly temperature?: number;
}

/**
 * Chooses the provider for a model among those configured (`configured` by their names, in any spelling). In this order:
 * the one that is `forced`; the first part of `provider/model`; a server on this machine for `model:14b`; a word in the
 * model's name; a configured server on this machine; the first with a key; a custom one. `undefined`: none is configured.
 */
export function matchProvider(
  model: string,
  configured: Readonly<Record<string, ProviderSettings>>,
  forced = "auto",
): ProviderMatch | undefined {
  const settings = new Map(
    Object.entries(configured).map(([name, value]) => [findEntry(name)?.name ?? name, value]),
  );
  const customs = [...settings].filter(([name, value]) => findEntry(name) === undefined && value.apiBase);
  if (forced !== "auto") {
    const entry = findEntry(forced);
    if (entry !== undefined) return toMatch(entry, model);
    return settings.has(forced) ? { provider: forced, model } : undefined;
  }

  const [first = "", ...rest] = model.split("/");
  const named =
    rest.length > 0 ? customs.find(([name]) => name.toLowerCase() === first.toLowerCase()) : undefined;
  if (named !== undefined) return { provider: named[0], model: rest.join("/") };
  const prefixed = rest.length > 0 ? findEntry(first) : undefined;
  if (prefixed !== undefined && (prefixed.kind === "local" || hasKey(prefixed)))
    return toMatch(prefixed, model);

  const local = catalog.find((entry) => entry.kind === "local" && hasBase(entry));
  if (local !== undefined && isLocalTag.test(model)) return toMatch(local, model);
  const lower = model.toLowerCase();
  const wordy = catalog.filter((entry) => entry.keywords.some((word) => lower.includes(word)));
  const worded = wordy.find((entry) => (entry.kind === "local" ? hasBase(entry) : hasKey(entry)));
  const isClosed = wordy.some((entry) => entry.isClosed);
  const keyed = catalog.find((entry) => hasKey(entry));
  const entry = worded ?? (isClosed ? (keyed ?? local) : (local ?? keyed));
  if (entry !== undefined) return toMatch(entry, model);
  const [custom] = customs;
  return custom === undefined ? undefined : { provider: custom[0], model };

  function hasKey(candidate: CatalogEntry): boolean {
    return settings.get(candidate.name)?.hasKey === true;
  }

  function hasBase(candidate: CatalogEntry): boolean {
    return (settings.get(candidate.name)?.apiBase ?? "") !== "";
  }
}

/** As Ollama names its models: `qwen2.5:14b`, `llama3.2:latest`. */
const isLocalTag = /:(\d+(\.\d+)?[bm]\b.*|latest)$/i;

function toMatch(entry: CatalogEntry, model: string): ProviderMatch {
  const wireModel = toWireModel(entry, model);
  const fixed = Object.entries(entry.temperatures ?? {}).find(([part]) => wireModel.includes(part));
  const match = { provider: entry.name, model: wireModel };
  return fixed === undefined ? match : { ...match, temperature: fixed[1] };
}

/** A prefix that only routes is dropped; `maker/model` stays where the provider itself speaks so. */
function toWireModel(entry: CatalogEntry, model: string): string {
  const parts = model.split("/");
  if (entry.hasMakerInNames !== true) return parts.at(-1) ?? model;
  const isOwnPrefix = findEntry(parts[0] ?? "") === entry;
  // `openrouter/auto` is the name of a model.
  if (!isOwnPrefix || (entry.kind === "gateway" && parts.length < 3)) return model;
  return parts.slice(1).join("/");
}

import { readText } from "./answer-body.ts";
import { catalog } from "./catalog.ts";
import { toModelNames } from "./check-key.ts";
import type { Listener } from "./listeners.ts";

/** A model server on this machine that runs as us. */
export interface LocalServer {
  /** Its name in the catalogue. */
  readonly name: string;
  readonly label: string;
  readonly apiBase: string;
  readonly models: readonly string[];
}

export interface LocalSearch {
  /** Ours: a server of anybody else would read what we say, so it is never asked anything. */
  readonly uid: number;
  readonly listListeners: (signal: AbortSignal) => Promise<readonly Listener[]>;
  /** Where to look; the usual ports by default. */
  readonly places?: readonly LocalPlace[];
  /** How long a server may think about its answer. */
  readonly patienceMs?: number;
  /** Told of each that took longer. */
  readonly onLate?: (place: LocalPlace) => void;
}

export interface LocalPlace {
  readonly name: string;
  readonly label: string;
  readonly port: number;
}

const defaultPatienceMs = 1_000;
const longestList = 1024 * 1024;

/** Finds Ollama, LM Studio and vLLM on their usual ports of this machine, in that order. Throws only `signal.reason`. */
export async function findLocalServers(search: LocalSearch, signal: AbortSignal): Promise<LocalServer[]> {
  const listeners = await search.listListeners(signal);
  const places = (search.places ?? usualPlaces()).filter((place) =>
    isOurs(listeners, place.port, search.uid),
  );
  const found = await Promise.all(places.map((place) => askServer(place, search, signal)));
  signal.throwIfAborted();
  return found.filter((server) => server !== undefined);
}

function usualPlaces(): LocalPlace[] {
  return catalog.flatMap(({ kind, name, label, apiBase }) =>
    kind === "local" ? [{ name, label, port: Number(new URL(apiBase).port) }] : [],
  );
}

/** Each socket that could take a connection to 127.0.0.1 must be ours: the more specific address would win. */
function isOurs(listeners: readonly Listener[], port: number, uid: number): boolean {
  const candidates = listeners.filter((listener) => listener.port === port && listener.takesLoopback);
  return candidates.length > 0 && candidates.every((listener) => listener.uid === uid);
}

async function askServer(
  place: LocalPlace,
  { patienceMs = defaultPatienceMs, onLate }: LocalSearch,
  signal: AbortSignal,
): Promise<LocalServer | undefined> {
  const apiBase = `http://127.0.0.1:${place.port}/v1`;
  const late = AbortSignal.timeout(patienceMs);
  const limit = AbortSignal.any([signal, late]);
  try {
    const response = await fetch(`${apiBase}/models`, { signal: limit, redirect: "manual" });
    const models = response.ok ? toModelNames(await readText(response, longestList)) : [];
    return models.length === 0 ? undefined : { name: place.name, label: place.label, apiBase, models };
  } catch {
    // Not a model server, or one without a word to say: as good as none.
    if (late.aborted) onLate?.(place);
    return undefined;
  }
}

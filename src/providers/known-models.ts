import { AppError } from "../errors.ts";
import { isUsable, listCandidates } from "./candidates.ts";
import type { LocalServer } from "./local.ts";
import { resolveModel, type ModelRequest } from "./resolve.ts";

export interface KnownModel {
  /** As it is chosen with `/model` and `--model`. */
  readonly model: string;
  /** Who answers. */
  readonly label: string;
  /** What is used when nobody says otherwise. */
  readonly isDefault: boolean;
}

/**
 * The models that can be had as things stand: the one in use, the usual one of each provider with a key, what servers
 * on this machine have loaded, the demo. A provider may have many more; nobody is asked over the network.
 */
export function listKnownModels(
  request: Pick<ModelRequest, "config" | "keyring"> & { readonly localServers: readonly LocalServer[] },
): readonly KnownModel[] {
  const inUse = findInUse(request);
  const ofKeys = listCandidates(request.config, request.keyring)
    .filter(isUsable)
    .flatMap(({ name, label, defaultModel }) =>
      defaultModel === undefined ? [] : [{ model: toChoice(name, defaultModel, request), label }],
    );
  const ofServers = request.localServers.flatMap(({ name, label, models }) =>
    models.map((model) => ({ model: `${name}/${model}`, label: `${label} on this machine` })),
  );
  const demo = { model: "demo", label: "Demo, no language model" };
  const all = [...(inUse === undefined ? [] : [inUse]), ...ofKeys, ...ofServers, demo];
  const unique = new Map(all.toReversed().map((known) => [known.model, known]));
  return [...unique.values()]
    .toReversed()
    .map((known) => ({ ...known, isDefault: known.model === inUse?.model }));
}

/** Nothing when the configuration names what cannot be had. */
function findInUse(request: ModelRequest): { readonly model: string; readonly label: string } | undefined {
  try {
    return resolveModel(request);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

/** The bare name where it leads to this provider. */
function toChoice(provider: string, model: string, request: ModelRequest): string {
  try {
    return resolveModel({ ...request, model }).name === provider ? model : `${provider}/${model}`;
  } catch (error) {
    if (error instanceof AppError) return `${provider}/${model}`;
    throw error;
  }
}

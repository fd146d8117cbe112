import type { Clock } from "../clock.ts";
import type { Config, Environment } from "../config.ts";
import { AppError } from "../errors.ts";
import type { ModelInUse } from "../turns/model-in-use.ts";
import type { HomePaths } from "../home.ts";
import { openKeyring } from "../keyring.ts";
import type { LocalSearch, LocalServer } from "../providers/local.ts";
import type { Provider } from "../providers/provider.ts";
import { findProxy } from "../providers/proxy.ts";
import { createDemoProvider, createProvider, openScript, toTarget } from "../providers/registry.ts";
import { resolveModel, type ResolvedModel } from "../providers/resolve.ts";
import { createRetryingProvider } from "../providers/retrying.ts";
import type { Thinking } from "../providers/thinking.ts";
import { configWords } from "../words/english/config.ts";

export interface ModelPlace {
  readonly home: HomePaths;
  readonly config: Config;
  readonly environment: Environment;
  /** For who has less patience with a server on this machine. */
  readonly search?: Pick<LocalSearch, "patienceMs" | "onLate">;
}

/** Which model answers; a server on this machine is looked for only when nothing else is configured. */
export async function findModel(
  { home, config, environment, search }: ModelPlace,
  model: string | undefined,
  signal: AbortSignal,
): Promise<ResolvedModel> {
  const keyring = await openKeyring({ environment, secretsPath: home.secrets });
  const request = { config, keyring, model };
  const resolved = resolveModel(request);
  const isFound = resolved.chosenBy !== "nothing" || !config.localServers.discover;
  const found = isFound
    ? resolved
    : resolveModel({ ...request, localServers: await findOwnServers(signal, search) });
  const proxy = findProxy(environment, found.apiBase);
  return proxy === undefined ? found : { ...found, proxy };
}

/** Model servers on this machine that run as us. */
export async function findOwnServers(
  signal: AbortSignal,
  search: ModelPlace["search"] = {},
): Promise<readonly LocalServer[]> {
  const [{ findLocalServers }, { listListeners }] = await Promise.all([
    import("../providers/local.ts"),
    import("../providers/listeners.ts"),
  ]);
  return await findLocalServers({ ...search, uid: process.getuid?.() ?? 0, listListeners }, signal);
}

/** Loads what speaks to the model, and nothing else. `thinking` wins over the configuration. */
export async function openModel(
  resolved: ResolvedModel,
  { config, home }: Pick<ModelPlace, "config" | "home">,
  clock: Clock,
  thinking: Thinking | undefined,
): Promise<ModelInUse> {
  const { maxTokens, temperature } = config.agents.defaults;
  const wanted = resolved.temperature ?? temperature;
  const chosen = thinking ?? config.agents.defaults.thinking;
  return {
    provider: await openProvider(resolved, home, clock),
    label: resolved.label,
    model: resolved.model,
    maxTokens,
    ...(wanted === null ? {} : { temperature: wanted }),
    ...(chosen === null ? {} : { thinking: chosen }),
  };
}

async function openProvider(resolved: ResolvedModel, home: HomePaths, clock: Clock): Promise<Provider> {
  switch (resolved.wire) {
    case "demo":
      return await createDemoProvider();
    case "scripted":
      return await openScript(resolved.model);
    case "anthropic":
    case "openai":
    case "ai-sdk": {
      const { name, wire, apiBase, apiKey, extraHeaders, proxy, plugin } = resolved;
      const target = toTarget(name, {
        wire,
        apiBase,
        extraHeaders,
        proxy,
        ...(apiKey === undefined ? {} : { apiKey }),
        ...(plugin === undefined ? {} : { plugin: { ...plugin, folder: home.plugins } }),
      });
      if (target === undefined) {
        throw new AppError("config", configWords.noAddress({ label: resolved.label, name }));
      }
      return createRetryingProvider(await createProvider(target), { clock, random: Math.random });
    }
    default:
      return resolved.wire satisfies never;
  }
}

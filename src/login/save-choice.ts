import { changeConfig, type ConfigChange } from "../config/change.ts";
import { type Environment, loadConfig } from "../config.ts";
import { AppError } from "../errors.ts";
import type { HomePaths } from "../home.ts";
import { openKeyring, type Keyring } from "../keyring.ts";
import { catalog } from "../providers/catalog.ts";
import type { LocalServer } from "../providers/local.ts";
import { type ResolvedModel, resolveModel } from "../providers/resolve.ts";
import type { Secret } from "../secret.ts";
import { readSecrets, removeSecret, writeSecret } from "../secrets.ts";
import type { KeyCheck, LoginEffects } from "./effects.ts";
import { loginWords } from "../words/english/login.ts";

/** Where choices are kept. */
export interface LoginPlace {
  readonly home: HomePaths;
  readonly environment: Environment;
}

/** What a person chose besides the key itself. */
export interface Wishes {
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  readonly apiBase?: string | undefined;
}

export interface SavedKey {
  readonly model: ResolvedModel;
  readonly check: KeyCheck;
}

/** Checks a key and keeps it in `secrets.json`. A refused one is not kept: throws `AppError("provider-auth")`. */
export async function saveKey(
  place: LoginPlace,
  wishes: Wishes & { readonly provider: string },
  key: Secret,
  effects: Pick<LoginEffects, "checkKey">,
  signal: AbortSignal,
): Promise<SavedKey> {
  const { config } = await loadConfig(place.home.config, place.environment);
  const settings = { ...config.providers[wishes.provider], apiKey: key };
  const trial = {
    ...config,
    providers: {
      ...config.providers,
      [wishes.provider]: {
        wire: null,
        package: null,
        factory: null,
        options: {},
        extraHeaders: {},
        ...settings,
        apiBase: wishes.apiBase ?? settings.apiBase ?? null,
      },
    },
  };
  const keyring = await toKeyring(place);
  const model = resolveModel({ config: trial, keyring, provider: wishes.provider, model: wishes.model });
  const check = await effects.checkKey(model, signal);
  if (check.outcome === "refused") {
    throw new AppError("provider-auth", loginWords.refused({ label: model.label, said: check.message }));
  }
  await keep(place, wishes, key);
  return { model, check };
}

/** The offline model, until something better is chosen. */
export async function saveDemo(place: LoginPlace): Promise<void> {
  await change(place, [
    { path: ["agents", "defaults", "provider"], value: undefined },
    { path: ["agents", "defaults", "model"], value: "demo" },
  ]);
}

export async function saveLocalServer(place: LoginPlace, server: LocalServer, model: string): Promise<void> {
  await saveWishes(place, { provider: server.name, apiBase: server.apiBase, model });
}

/** Writes what was wished for, and nothing else, into `config.json`. */
export async function saveWishes(place: LoginPlace, wishes: Wishes): Promise<void> {
  const { provider, model, apiBase } = wishes;
  const changes: ConfigChange[] = [];
  if (provider !== undefined && apiBase !== undefined) {
    changes.push({ path: ["providers", provider, "apiBase"], value: apiBase });
  }
  if (provider !== undefined) changes.push({ path: ["agents", "defaults", "provider"], value: provider });
  if (model !== undefined) changes.push({ path: ["agents", "defaults", "model"], value: model });
  await change(place, changes);
}

/** Keys of known providers go under the name of their variable; others are named in the configuration. */
async function keep(
  place: LoginPlace,
  wishes: Wishes & { readonly provider: string },
  key: Secret,
): Promise<void> {
  const { provider, model } = wishes;
  const known = catalog.find(({ name }) => name === provider)?.env[0];
  const variable = known ?? `${provider.replace(/\W/g, "_").toUpperCase()}_API_KEY`;
  const isNew = !(await readSecrets(place.home.secrets)).has(variable);
  await writeSecret(place.home.secrets, variable, key);
  const { config } = await loadConfig(place.home.config, place.environment);
  const changes: ConfigChange[] = [];
  if (wishes.apiBase !== undefined) {
    changes.push({ path: ["providers", provider, "apiBase"], value: wishes.apiBase });
  }
  // A key that stands in the file would win over the one that was just given.
  if (known === undefined || config.providers[provider]?.apiKey !== undefined) {
    changes.push({ path: ["providers", provider, "apiKey"], value: `\${${variable}}` });
  }
  changes.push({ path: ["agents", "defaults", "provider"], value: undefined });
  const current = config.agents.defaults.model;
  if (model !== undefined) changes.push({ path: ["agents", "defaults", "model"], value: model });
  else if (current !== null && !fits(current, provider)) {
    changes.push({ path: ["agents", "defaults", "model"], value: undefined });
  }
  try {
    await change(place, changes);
    // Named only where another key would win: then a later change of the model can still choose by itself.
    if (!(await isChosen(place, provider))) {
      await change(place, [{ path: ["agents", "defaults", "provider"], value: provider }]);
    }
  } catch (error) {
    if (isNew) await removeSecret(place.home.secrets, variable);
    throw error;
  }
}

async function isChosen(place: LoginPlace, provider: string): Promise<boolean> {
  const { config } = await loadConfig(place.home.config, place.environment);
  try {
    return resolveModel({ config, keyring: await toKeyring(place) }).name === provider;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

/** Whether the model of the configuration can be had from this provider: otherwise its default serves. */
function fits(model: string, provider: string): boolean {
  const spec = catalog.find(({ name }) => name === provider);
  if (model === "demo") return false;
  if (spec === undefined || spec.kind === "local") return true;
  if (spec.kind === "gateway") return model.includes("/");
  return spec.keywords.some((keyword) => model.toLowerCase().includes(keyword));
}

async function change(place: LoginPlace, changes: readonly ConfigChange[]): Promise<void> {
  await changeConfig(place.home.config, changes, place.environment);
}

export async function toKeyring(place: LoginPlace): Promise<Keyring> {
  return await openKeyring({ environment: place.environment, secretsPath: place.home.secrets });
}

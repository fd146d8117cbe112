import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import { AppError } from "../../errors.ts";
import { loadPlugin } from "../../plugins/load-plugin.ts";
import { pluginWords } from "../../words/english/plugin.ts";
import type { Secret } from "../../secret.ts";
import type { ProviderTarget } from "../target.ts";

/** As much of a language model of the AI SDK as we use; 2, 3 and 4 of its specification differ only in what they are given. */
export interface SdkModel {
  readonly specificationVersion: string;
  doStream(options: LanguageModelV4CallOptions): PromiseLike<{ readonly stream: ReadableStream<unknown> }>;
}

/** Loads the package and makes its provider. Throws `AppError("config")` with what to do. */
export async function openSdkProvider(target: ProviderTarget): Promise<(model: string) => SdkModel> {
  const { plugin } = target;
  if (plugin === undefined) {
    throw new AppError("config", pluginWords.noPackage({ label: target.label, name: target.name }));
  }
  const exported = await loadPlugin(plugin.folder, plugin.package);
  const [factory, method] = (plugin.factory ?? findFactory(exported, plugin.package)).split(".");
  const create = exported[factory ?? ""];
  if (!isFunction(create)) throw noFactory(target.name, plugin.package, exported);
  const provider = create(toSettings(target));
  return (id) => {
    const make = findMaker(provider, method);
    const model = make?.(id);
    if (isModel(model)) return model;
    throw new AppError("config", pluginWords.noModel({ name: plugin.package }));
  };
}

/** The secrets are opened here, for the package keeps them. */
function toSettings(target: ProviderTarget): Record<string, unknown> {
  const headers = openAll(target.extraHeaders ?? {});
  return {
    name: target.name,
    ...(target.apiKey === undefined ? {} : { apiKey: target.apiKey.open().trim() }),
    ...(target.apiBase === "" ? {} : { baseURL: target.apiBase }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...openAll(target.plugin?.options ?? {}),
    // A redirect would carry the key to whomever it names.
    fetch: (input: string | URL | Request, init?: RequestInit) =>
      fetch(input, { ...init, redirect: "manual" }),
  };
}

function openAll(secrets: Readonly<Record<string, Secret>>): Record<string, string> {
  return Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, value.open()]));
}

/** `createGoogle` of `@ai-sdk/google`: its only maker, or the one whose name is the package's. */
function findFactory(exported: Readonly<Record<string, unknown>>, name: string): string {
  const makers = Object.keys(exported).filter((key) => /^create[A-Z]/.test(key));
  const plain = name.slice(name.lastIndexOf("/") + 1).replace(/[^a-z0-9]/gi, "");
  const named = makers.find((maker) => maker.toLowerCase() === `create${plain}`.toLowerCase());
  return named ?? (makers.length === 1 ? (makers[0] ?? "") : "");
}

function noFactory(provider: string, name: string, exported: Readonly<Record<string, unknown>>): AppError {
  const known = Object.keys(exported).filter((key) => isFunction(exported[key]));
  return new AppError("config", pluginWords.noFactory({ name, provider, known }));
}

type Maker = (id: string) => unknown;

function findMaker(provider: unknown, method: string | undefined): Maker | undefined {
  if (method === undefined && isFunction(provider)) return provider;
  if ((typeof provider !== "object" && !isFunction(provider)) || provider === null) return undefined;
  const found: unknown = Reflect.get(provider, method ?? "languageModel");
  return isFunction(found) ? (id) => found.call(provider, id) : undefined;
}

function isFunction(value: unknown): value is (...values: readonly unknown[]) => unknown {
  return typeof value === "function";
}

function isModel(value: unknown): value is SdkModel {
  return typeof value === "object" && value !== null && "doStream" in value && isFunction(value.doStream);
}

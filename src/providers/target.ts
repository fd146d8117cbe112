import type { Secret } from "../secret.ts";
import type { Proxy } from "./proxy.ts";

/** Where a wire sends its requests and in whose name: plain data, resolved by the caller. */
export interface ProviderTarget {
  /** As in the configuration: `anthropic`, `openrouter`, `companyProxy`, … */
  readonly name: string;
  /** For people. */
  readonly label: string;
  readonly apiBase: string;
  readonly apiKey?: Secret;
  /** Any of them may be a password, so all are treated as one. */
  readonly extraHeaders?: Readonly<Record<string, Secret>>;
  readonly timeouts?: Partial<Timeouts>;
  /** Where to get a key, for the hint when one is refused. */
  readonly keyUrl?: string;
  /** What requests go through, for the words when it is what fails. */
  readonly proxy?: Proxy;
  /** OpenAI wire: the server passes `cache_control` marks on to models that need them. */
  readonly takesCacheMarks?: boolean;
  /** OpenAI wire: how the server is told to think; `effort` by default. */
  readonly thinkingStyle?: ThinkingStyle;
  /** Its models cannot see: a picture becomes a sentence. */
  readonly isBlind?: boolean;
  /** Wire `ai-sdk`: what makes the provider. */
  readonly plugin?: InstalledPlugin;
}

/**
 * `effort`: `reasoning_effort`. `reasoning`: an object of that name, as at OpenRouter. `switch`: `thinking`, on or off, as at
 * Zhipu and Moonshot; DeepSeek takes both. `budget`: `enable_thinking` and `thinking_budget`, as at DashScope.
 */
export type ThinkingStyle = "effort" | "reasoning" | "switch" | "switch-and-effort" | "budget";

/** A package of the AI SDK, installed as a plugin. */
export interface PluginSettings {
  readonly package: string;
  /** Its export that makes the provider, where the name does not tell; `createX.chat`: by which of its methods a model. */
  readonly factory?: string;
  readonly options: Readonly<Record<string, Secret>>;
}

export interface InstalledPlugin extends PluginSettings {
  /** Where plugins lie. */
  readonly folder: string;
}

export interface Timeouts {
  /** From the request to the first byte of the answer's body. */
  readonly firstByteMs: number;
  /** Between two pieces of the answer. */
  readonly idleMs: number;
}

/** A model on this machine may have to be loaded and to read a long prompt before its first word. */
const localFirstByteMs = 300_000;

export function toTimeouts(target: Pick<ProviderTarget, "apiBase" | "timeouts">): Timeouts {
  return {
    firstByteMs: target.timeouts?.firstByteMs ?? (isLoopback(target.apiBase) ? localFirstByteMs : 30_000),
    idleMs: target.timeouts?.idleMs ?? 60_000,
  };
}

export function isLoopback(apiBase: string): boolean {
  const host = URL.parse(apiBase)?.hostname;
  return host !== undefined && /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(host);
}

/** Host and port for a message: never the user, password or query that an address can carry. */
export function toHost(apiBase: string): string {
  return URL.parse(apiBase)?.host ?? "the configured address";
}

/** `path` below the base, whatever the base ends with; `http://host/v1/` and `/v1/messages` share their `/v1`. */
export function toEndpoint(apiBase: string, path: string): string {
  const base = apiBase.trim().replace(/\/+$/, "");
  const version = /^\/v\d+(?=\/)/.exec(path)?.[0];
  return version !== undefined && base.endsWith(version)
    ? `${base}${path.slice(version.length)}`
    : `${base}${path}`;
}

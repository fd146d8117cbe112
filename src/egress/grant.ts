import { AppError } from "../errors.ts";
import { vaultWords } from "../words/english/vault.ts";
import { isPlainPath } from "./grant-path.ts";
import { toHost } from "./host.ts";
import { isTexts } from "./is-texts.ts";

/** A secret that a group may use at one place and in one way, without ever seeing it. */
export interface Grant {
  /** Inside, it is reached at `http://…/<name>`. */
  readonly name: string;
  readonly secret: string;
  /** `https://host[:port][/prefix]`, without a slash at its end. */
  readonly base: string;
  readonly methods: readonly string[];
  /** Below the base; a path is allowed when it is one of these or lies below it. */
  readonly paths: readonly string[];
  readonly placement: Placement;
}

/** Where the secret goes in a request. */
export type Placement =
  /** `format` holds `{}` where the secret goes. */
  | { readonly type: "header"; readonly name: string; readonly format: string }
  | { readonly type: "query"; readonly name: string }
  | { readonly type: "basic"; readonly user: string }
  /** A model's key, for an engine inside: its one endpoint, and these models. */
  | { readonly type: "model"; readonly wire: "anthropic" | "openai"; readonly models: readonly string[] };

export type GrantTerms = Pick<Grant, "methods" | "paths" | "placement">;

const knownMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** What the owner asks for. Throws `AppError("usage")` for what would give away more than it says. */
export function parseGrant(grant: Grant): Grant {
  const { name, methods, paths, placement } = grant;
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(name)) throw new AppError("usage", vaultWords.grantName({ name }));
  const method = methods.find((each) => !knownMethods.includes(each));
  if (method !== undefined)
    throw new AppError("usage", vaultWords.notAMethod({ method, known: knownMethods }));
  if (methods.length === 0 || paths.length === 0) throw new AppError("usage", vaultWords.noPath());
  const path = paths.find((each) => !isPlainPath(each));
  if (path !== undefined) throw new AppError("usage", vaultWords.notAPath({ path }));
  if (placement.type === "header") checkHeader(placement);
  if (placement.type === "basic" && /[:\0-\x1f]/.test(placement.user))
    throw new AppError("usage", vaultWords.badUser());
  if (placement.type === "model" && placement.models.length === 0)
    throw new AppError("usage", vaultWords.noModels());
  return { ...grant, base: parseBase(grant.base) };
}

/** Only the owner can mean a server on this machine, and only by its address. */
export function isLoopbackAddress(host: string): boolean {
  return /^127(?:\.\d{1,3}){3}$/.test(host) || host === "[::1]";
}

function parseBase(text: string): string {
  const url = URL.parse(text);
  const isPlain =
    url !== null && url.username === "" && url.password === "" && url.search === "" && url.hash === "";
  if (!isPlain || toHost(url.hostname) === undefined || !isPlainPath(url.pathname))
    throw new AppError("usage", vaultWords.notABase({ url: text }));
  // Without encryption whoever carries the request could read the secret.
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopbackAddress(url.hostname)))
    throw new AppError("usage", vaultWords.notEncrypted({ url: text }));
  return url.origin + url.pathname.replace(/\/$/, "");
}

function checkHeader({ name, format }: Extract<Placement, { type: "header" }>): void {
  const isName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/.test(name);
  const isOurs = /^(?:host|connection|content-length|transfer-encoding|te|upgrade|trailer)$/i.test(name);
  const isFormat = format.split("{}").length === 2 && !/[^\t\x20-\x7e]/.test(format);
  if (!isName || isOurs || !isFormat) throw new AppError("usage", vaultWords.badHeader({ name, format }));
}

/** As it is stored. Throws `AppError("config")` for a row that nobody of ours wrote: then it is not used. */
export function readGrant(stored: {
  readonly name: string;
  readonly secret: string;
  readonly base: string;
  readonly terms: string;
}): Grant {
  try {
    const terms: unknown = JSON.parse(stored.terms);
    if (!isTerms(terms)) throw new TypeError("not the terms of a grant");
    const { name, secret, base } = stored;
    return parseGrant({ name, secret, base, ...terms });
  } catch (cause) {
    throw new AppError("config", vaultWords.brokenGrant({ name: stored.name }), { cause });
  }
}

function isTerms(value: unknown): value is GrantTerms {
  if (typeof value !== "object" || value === null) return false;
  const { methods, paths, placement }: Partial<Record<keyof GrantTerms, unknown>> = value;
  return isTexts(methods) && isTexts(paths) && isPlacement(placement);
}

function isPlacement(value: unknown): value is Placement {
  if (typeof value !== "object" || value === null || !("type" in value)) return false;
  const { type, name, format, user, wire, models }: Record<string, unknown> = { ...value };
  switch (type) {
    case "header":
      return typeof name === "string" && typeof format === "string";
    case "query":
      return typeof name === "string";
    case "basic":
      return typeof user === "string";
    case "model":
      return (wire === "anthropic" || wire === "openai") && isTexts(models);
    default:
      return false;
  }
}

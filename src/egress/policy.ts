import { AppError } from "../errors.ts";
import { egressWords } from "../words/english/egress.ts";
import { isGlobalAddress } from "./addresses.ts";
import { toHostAndPort } from "./host.ts";
import { isTexts } from "./is-texts.ts";

/** One host, or all below a domain, that a group's sandbox may reach. What is not listed is not reached. */
export interface EgressRule {
  /** `example.com`, or `*.example.com`: all below it, not itself. */
  readonly host: string;
  /** 443 and 80 without one. */
  readonly port?: number;
  /** Reading below these paths says nothing to anyone; every other request is an effect outside. */
  readonly readOnly: readonly string[];
}

const usualPorts: readonly number[] = [443, 80];
const readingMethods: readonly string[] = ["GET", "HEAD", "OPTIONS"];

/** What the owner types. Throws `AppError("usage")` for what could never be reached or would mean too much. */
export function parseEgressRule(text: string, readOnly: readonly string[] = []): EgressRule {
  const isDomain = text.startsWith("*.");
  const place = toHostAndPort(isDomain ? text.slice(2) : text);
  if (place === undefined) throw new AppError("usage", egressWords.notAHost({ host: text }));
  const isAddress = place.host.startsWith("[") || /^[\d.]+$/.test(place.host);
  if (isDomain && (isAddress || !place.host.includes(".")))
    throw new AppError("usage", egressWords.tooWide({ host: text }));
  if (isAddress && !isGlobalAddress(place.host.replaceAll(/[[\]]/g, "")))
    throw new AppError("usage", egressWords.notOnTheInternet({ host: text }));
  for (const prefix of readOnly) {
    if (toPath(prefix) !== prefix) throw new AppError("usage", egressWords.notAPath({ prefix }));
  }
  return { ...place, host: isDomain ? `*.${place.host}` : place.host, readOnly };
}

/** One that cannot be understood, and nothing of the policy holds. */
export function parseEgressPolicy(
  group: string,
  stored: readonly { readonly host: string; readonly port: number | undefined; readonly readOnly: string }[],
): readonly EgressRule[] {
  return stored.map(({ host, port, readOnly }) => {
    const text = port === undefined ? host : `${host}:${port}`;
    try {
      const prefixes: unknown = JSON.parse(readOnly);
      if (!isTexts(prefixes)) throw new TypeError("not a list of paths");
      return parseEgressRule(text, prefixes);
    } catch (cause) {
      throw new AppError("config", egressWords.brokenRule({ group, host: text }), { cause });
    }
  });
}

/** The most exact one for a host as `toHost` spells it. */
export function findRule(rules: readonly EgressRule[], host: string, port: number): EgressRule | undefined {
  return rules
    .filter((rule) => (rule.port === undefined ? usualPorts.includes(port) : rule.port === port))
    .filter((rule) => (rule.host.startsWith("*.") ? host.endsWith(rule.host.slice(1)) : rule.host === host))
    .toSorted((one, other) => toExactness(other) - toExactness(one))[0];
}

/** Whether a request is listed as one that only reads. Without a path (an encrypted connection) the whole host must be. */
export function isListedRead({ readOnly }: EgressRule, method: string, path: string | undefined): boolean {
  if (path === undefined) return readOnly.includes("/");
  if (!readingMethods.includes(method)) return false;
  const real = toPath(path);
  return readOnly.some(
    (prefix) => real === prefix || real.startsWith(prefix.endsWith("/") ? prefix : `${prefix}/`),
  );
}

export function toRuleName({ host, port }: Pick<EgressRule, "host" | "port">): string {
  return port === undefined ? host : `${host}:${port}`;
}

/** As a server sees it: dots resolved, nothing behind a question mark. An encoded slash or dot stays and matches no prefix. */
function toPath(text: string): string {
  const path = text.startsWith("/") ? (URL.parse(`http://host${text}`)?.pathname ?? "") : "";
  return /%2f|%5c|%2e/i.test(path) ? "" : path;
}

function toExactness({ host, port }: EgressRule): number {
  return host.length + (host.startsWith("*.") ? 0 : 1000) + (port === undefined ? 0 : 500);
}

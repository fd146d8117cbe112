import { findNearestWord } from "../nearest-word.ts";
import { toProviderName } from "./names.ts";
import type { KeyPath } from "./path.ts";
import { parseQuietHours } from "./quiet-hours.ts";
import { type Config, providerNames } from "./schema.ts";

/**
 * Some things have two places in files that exist: they are brought to one, where the rest of the program looks.
 * What stands at the place we use wins.
 */
export function unify(config: Config, isSet: (path: string) => boolean): Config {
  const { maxToolIterations } = config.agents.defaults;
  const { restrictToWorkspace } = config.tools.exec;
  const steps = isSet("limits.steps") ? config.limits.steps : (maxToolIterations ?? config.limits.steps);
  const isRestricted = isSet("tools.restrictToWorkspace")
    ? config.tools.restrictToWorkspace
    : (restrictToWorkspace ?? config.tools.restrictToWorkspace);
  return {
    ...config,
    limits: { ...config.limits, steps },
    tools: { ...config.tools, restrictToWorkspace: isRestricted, mcpServers: {} },
    mcpServers: { ...config.tools.mcpServers, ...config.mcpServers },
  };
}

export interface RuleBreak {
  readonly path: KeyPath;
  readonly message: string;
}

/** What is wrong although every value has the right kind. */
export function findRuleBreaks(config: Config): readonly RuleBreak[] {
  return [
    ...findNamelessProviders(config),
    ...findPackageless(config),
    ...findEmptyServers(config),
    ...findBadAddresses(config),
    ...findBadHours(config),
  ];
}

function* findNamelessProviders(config: Config): Iterable<RuleBreak> {
  const known: readonly string[] = providerNames;
  for (const [name, provider] of Object.entries(config.providers)) {
    if (known.includes(toProviderName(name)) || hasText(provider.apiBase)) continue;
    if (hasText(provider.package)) continue;
    const nearest = findNearestWord(name, known);
    const guess = nearest === undefined ? "" : `; did you mean "${nearest}"?`;
    yield {
      path: ["providers", name],
      message: `no provider of that name is known, and one of your own needs apiBase${guess}`,
    };
  }
}

function* findPackageless(config: Config): Iterable<RuleBreak> {
  for (const [name, provider] of Object.entries(config.providers)) {
    if (provider.wire === "ai-sdk" && !hasText(provider.package)) {
      yield {
        path: ["providers", name, "wire"],
        message: 'ai-sdk needs the package beside it, as in "package": "@ai-sdk/google"',
      };
    }
    if (provider.wire !== null && provider.wire !== "ai-sdk" && hasText(provider.package)) {
      yield { path: ["providers", name, "package"], message: "a package needs the wire ai-sdk, or none" };
    }
  }
}

function* findEmptyServers(config: Config): Iterable<RuleBreak> {
  for (const [name, server] of Object.entries(config.mcpServers)) {
    if ((server.command === "") === (server.url === "")) {
      yield { path: ["mcpServers", name], message: "give it either a command or a url" };
    }
  }
}

function* findBadHours({ heartbeat }: Config): Iterable<RuleBreak> {
  const { quietHours } = heartbeat;
  if (quietHours === "" || parseQuietHours(quietHours) !== undefined) return;
  yield { path: ["heartbeat", "quietHours"], message: 'write it as "22:00-07:00", or "" for none' };
}

function* findBadAddresses(config: Config): Iterable<RuleBreak> {
  for (const [name, provider] of Object.entries(config.providers)) {
    if (hasText(provider.apiBase) && !isHttpAddress(provider.apiBase)) {
      yield {
        path: ["providers", name, "apiBase"],
        message: "expected an address that begins with http:// or https://",
      };
    }
  }
  if (!isHttpAddress(config.login.openrouterBase)) {
    yield {
      path: ["login", "openrouterBase"],
      message: "expected an address that begins with http:// or https://",
    };
  }
}

function hasText(value: string | null): value is string {
  return value !== null && value !== "";
}

function isHttpAddress(text: string): boolean {
  return /^https?:\/\/[^\s/?#]+/i.test(text);
}

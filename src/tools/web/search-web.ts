import { AppError } from "../../errors.ts";
import type { Secret } from "../../secret.ts";
import type { Dial } from "./fetch-page.ts";
import { readAtMost } from "./read-at-most.ts";
import { searchProviders, type SearchProviderName, type SearchResult } from "./search-providers.ts";

/** What the configuration and the keys say. */
export interface SearchSetting {
  readonly provider: SearchProviderName;
  readonly base: string;
  readonly key: Secret | undefined;
}

export interface SearchChoice {
  /** `auto`: who has a key, else a SearXNG whose address is known, else DuckDuckGo. */
  readonly provider: SearchProviderName | "auto";
  readonly apiKey: Secret | undefined;
  readonly baseUrl: string | null;
  readonly environmentKeys: Partial<Readonly<Record<"brave" | "tavily", Secret>>>;
}

const mostBytes = 2_000_000;
const patienceMs = 15_000;
const longestSnippet = 400;

/** Throws `AppError("config")` naming what is missing. */
export function chooseSearch({ provider, apiKey, baseUrl, environmentKeys }: SearchChoice): SearchSetting {
  const { brave, tavily } = environmentKeys;
  const chosen =
    provider !== "auto"
      ? provider
      : apiKey !== undefined || brave !== undefined
        ? "brave"
        : tavily !== undefined
          ? "tavily"
          : baseUrl === null
            ? "duckduckgo"
            : "searxng";
  const { usualBase, needsKey } = searchProviders[chosen];
  const own = chosen === "brave" || chosen === "tavily" ? environmentKeys[chosen] : undefined;
  const key = apiKey ?? own;
  const base = baseUrl ?? usualBase;
  if (base === undefined)
    throw new AppError("config", "SearXNG needs its address: tools.web.search.baseUrl.");
  if (needsKey && key === undefined)
    throw new AppError("config", `${chosen} needs a key: tools.web.search.apiKey.`);
  return { provider: chosen, base, key };
}

/** Throws `AppError`: nobody answers, or answers with no. */
export async function searchWeb(
  words: string,
  count: number,
  { provider, base, key }: SearchSetting,
  dial: Dial,
  signal: AbortSignal,
): Promise<readonly SearchResult[]> {
  const asked = searchProviders[provider];
  const limit = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  const response = await dial(asked.request({ base, key, words, count }), limit);
  const stream = response.body ?? new Blob([]).stream();
  const body = new TextDecoder().decode(
    await readAtMost(stream, mostBytes, "The answer to the search", limit),
  );
  if (!response.ok) throw toError(provider, response.status);
  return asked
    .parse(body)
    .filter(({ url }) => /^https?:\/\//.test(url))
    .slice(0, count)
    .map((result) => ({ ...result, snippet: result.snippet.trim().slice(0, longestSnippet) }));
}

function toError(provider: SearchProviderName, status: number): AppError {
  if (status === 401 || status === 403)
    return new AppError("provider-auth", `${provider} does not take the key for searching.`);
  if (status === 429) return new AppError("provider-quota", `${provider} takes no more searches for now.`);
  return new AppError("network", `${provider} answered ${status}.`);
}

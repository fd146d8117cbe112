import { expect, test } from "bun:test";
import { AppError } from "../../errors.ts";
import { Secret } from "../../secret.ts";
import type { Dial } from "./fetch-page.ts";
import { searchProviderNames, type SearchProviderName } from "./search-providers.ts";
import { chooseSearch, searchWeb, type SearchChoice } from "./search-web.ts";

const never = new AbortController().signal;
const nobody: SearchChoice = { provider: "auto", apiKey: undefined, baseUrl: null, environmentKeys: {} };
const key = new Secret("the-key");

const results = [
  {
    title: "<strong>Bun</strong> &amp; more",
    url: "https://bun.sh",
    description: "A <b>fast</b> runtime",
    content: "A fast runtime",
    page_age: "2026-01-02T00:00:00",
  },
  { title: "Evil", url: "javascript:alert(1)", description: "x", content: "x" },
  { title: "Two", url: "https://two.org", description: "y".repeat(900), content: "y".repeat(900) },
];
const answers: Readonly<Record<SearchProviderName, string>> = {
  brave: JSON.stringify({ web: { results } }),
  tavily: JSON.stringify({ results }),
  searxng: JSON.stringify({ results }),
  duckduckgo: `<div class="result"><a class="result__a" href="//duckduckgo.com/l/?uddg=https%3A%2F%2Fbun.sh&amp;rut=1">Bun &amp; more</a>
    <a class="result__snippet" href="x">A <b>fast</b> runtime</a></div>
    <div class="result--ad"><a class="result__a" href="https://duckduckgo.com/y.js?ad=1">Ad</a><a class="result__snippet">Buy</a></div>
    <div><a class="result__a" href="https://two.org">Two</a><a class="result__snippet">${"y".repeat(900)}</a></div>`,
};

test.each(searchProviderNames)("%s is asked its own way, and its answer read", async (provider) => {
  const asked: { readonly url: string; readonly body: string }[] = [];
  const dial: Dial = async (request) => {
    asked.push({ url: request.url, body: await request.text() });
    return new Response(answers[provider]);
  };
  const setting = { provider, base: "http://search.test/", key };
  const found = await searchWeb("bun & sqlite", 5, setting, dial, never);
  expect(found.map(({ url }) => new URL(url).href)).toEqual(["https://bun.sh/", "https://two.org/"]);
  expect(found[0]).toMatchObject({ snippet: expect.stringContaining("fast") });
  expect(found[0]?.title).toMatch(/^(?:\*\*)?Bun(?:\*\*)? & more$/);
  expect(found[1]?.snippet).toHaveLength(400);
  const [request] = asked;
  const url = new URL(request?.url ?? "");
  expect(url.host).toBe("search.test");
  const words = provider === "tavily" ? request?.body : url.searchParams.get("q");
  expect(words).toContain("bun & sqlite");
  expect(url.href).not.toContain("the-key");
});

test.each([
  [nobody, "duckduckgo", "https://html.duckduckgo.com"],
  [{ ...nobody, apiKey: key }, "brave", "https://api.search.brave.com"],
  [{ ...nobody, environmentKeys: { tavily: key } }, "tavily", "https://api.tavily.com"],
  [{ ...nobody, baseUrl: "http://127.0.0.1:8080" }, "searxng", "http://127.0.0.1:8080"],
  [{ ...nobody, provider: "tavily", apiKey: key, baseUrl: "http://x" }, "tavily", "http://x"],
] as const)("%j is %s at %s", (choice, provider, base) => {
  expect(chooseSearch(choice)).toMatchObject({ provider, base });
});

test.each([
  [{ ...nobody, provider: "brave" }, "brave needs a key: tools.web.search.apiKey."],
  [{ ...nobody, provider: "searxng" }, "SearXNG needs its address: tools.web.search.baseUrl."],
] as const)("%j says what is missing", (choice, message) => {
  expect(() => chooseSearch(choice)).toThrow(message);
});

test.each([
  [401, "", "provider-auth"],
  [429, "", "provider-quota"],
  [500, "", "network"],
  [200, "<html>", "network"],
  [200, "x".repeat(2_100_000), "too-long"],
])("an answer of %d is said as what it is", async (status, body, code) => {
  const dial: Dial = async () => new Response(body, { status });
  const error: unknown = await searchWeb(
    "x",
    5,
    { provider: "brave", base: "http://x", key },
    dial,
    never,
  ).catch((reason: unknown) => reason);
  expect(error instanceof AppError ? error.code : error).toBe(code);
});

test("a page of DuckDuckGo that holds no list is no empty list", async () => {
  const setting = { provider: "duckduckgo", base: "http://x", key: undefined } as const;
  const page =
    (text: string): Dial =>
    async () =>
      new Response(text);
  expect(searchWeb("x", 5, setting, page("<h1>Are you a robot?</h1>"), never)).rejects.toThrow(
    "wants to see a person",
  );
  expect(await searchWeb("x", 5, setting, page('<div class="no-results">No results.</div>'), never)).toEqual(
    [],
  );
});

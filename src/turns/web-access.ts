import { clean } from "../authority/taint.ts";
import type { DialGuard } from "../egress/dial.ts";
import type { Dial } from "../tools/web/fetch-page.ts";
import type { Fetched, Page } from "../tools/web/read-page.ts";
import type { SearchResult } from "../tools/web/search-providers.ts";
import type { SearchSetting } from "../tools/web/search-web.ts";
import { createWebTools } from "../tools/web/web-tools.ts";
import type { Hop } from "./decide-hop.ts";
import type { MoreTools } from "./session-tools.ts";
import type { TurnParty } from "./turn-party.ts";

export interface WebAccessOptions {
  /** Throws `AppError("config")`: what is missing. */
  readonly readSearch: () => Promise<
    SearchSetting & { readonly maxResults: number; readonly isOwnBase: boolean }
  >;
  /** The words of what came, made of it where nothing else can be reached. */
  readonly decode: (fetched: Fetched, signal: AbortSignal) => Promise<Page>;
  /** Each page a redirect leads to; throws what keeps it from going there. */
  readonly allowHop: (party: TurnParty, hop: Hop) => Promise<void>;
  /** What of this machine's own network is the open internet: nothing, but to tests. */
  readonly allowsAddress?: (address: string) => boolean;
  /** Which addresses a name has: what this machine's resolver says, but to tests. */
  readonly lookup?: NonNullable<DialGuard["lookup"]>;
}

const mostNamed = 2_000;

/** The web for a session: what comes of it is strangers' words, and it remembers for a turn which addresses were named. */
export function createWebAccess(options: WebAccessOptions): MoreTools {
  return (party) => {
    const named = new NamedAddresses(party);
    return createWebTools({
      isNamed: (address) => named.has(address),
      fetch: async (address, signal) => {
        seeStrangers(party());
        const page = await read({ address, isNamed: named.has(address) }, options, party(), signal);
        named.add(page.links);
        return page;
      },
      search: async (words, count, signal) => {
        seeStrangers(party());
        const results = await search(words, count, options, signal);
        named.add(results.map(({ url }) => url));
        return results;
      },
    });
  };
}

/** Before anything comes back: the words of a refusal are a server's own as well. */
function seeStrangers({ taint }: TurnParty): void {
  taint.add({ ...clean, sawUntrusted: true });
}

async function read(
  { address, isNamed }: { readonly address: string; readonly isNamed: boolean },
  { allowHop, allowsAddress, lookup, decode }: WebAccessOptions,
  party: TurnParty,
  signal: AbortSignal,
): Promise<Page & { readonly url: string }> {
  const { fetchPage, guardedFetch } = await loadWeb();
  const dial: Dial = async (request, stop) =>
    await guardedFetch(
      request,
      { allow: isWebPort, ...(allowsAddress && { allowsAddress }), ...(lookup && { lookup }) },
      stop,
    );
  let from: URL | undefined;
  const allow = async (url: URL): Promise<void> => {
    if (from !== undefined) await allowHop(party, { url, from, isNamed });
    from ??= url;
  };
  const fetched = await fetchPage(address, { allow, dial }, signal);
  return { ...(await decode(fetched, signal)), url: fetched.url };
}

async function search(
  words: string,
  count: number,
  { readSearch, allowsAddress }: WebAccessOptions,
  signal: AbortSignal,
): Promise<readonly SearchResult[]> {
  const { guardedFetch, searchWeb } = await loadWeb();
  const { maxResults, isOwnBase, ...setting } = await readSearch();
  const { hostname } = new URL(setting.base);
  // An address that the owner wrote down himself may be one of his own network.
  const allows = isOwnBase ? () => true : allowsAddress;
  const guard = { allow: (host: string) => host === hostname, ...(allows && { allowsAddress: allows }) };
  const dial: Dial = async (request, stop) => await guardedFetch(request, guard, stop);
  return await searchWeb(words, Math.min(count, maxResults), setting, dial, signal);
}

/** Only when it is used: most turns need none of it. */
async function loadWeb() {
  const [dial, fetching, searching] = await Promise.all([
    import("../egress/dial.ts"),
    import("../tools/web/fetch-page.ts"),
    import("../tools/web/search-web.ts"),
  ]);
  return { ...dial, ...fetching, ...searching };
}

/** Other ports are what stands behind firewalls. */
function isWebPort(_host: string, port: number): boolean {
  return port === 80 || port === 443 || port >= 1024;
}

/** Of one turn; the next begins with none. */
class NamedAddresses {
  readonly #party: () => TurnParty;
  #turn: TurnParty["turn"];
  #addresses = new Set<string>();

  constructor(party: () => TurnParty) {
    this.#party = party;
  }

  has(address: string): boolean {
    const url = URL.parse(address.trim());
    return url !== null && this.#current().has(url.href);
  }

  add(addresses: readonly string[]): void {
    const current = this.#current();
    for (const address of addresses.slice(0, mostNamed)) {
      const url = URL.parse(address);
      if (url !== null && current.size < mostNamed) current.add(url.href);
    }
  }

  #current(): Set<string> {
    const { turn, ownWords } = this.#party();
    if (turn !== this.#turn) {
      this.#turn = turn;
      this.#addresses = new Set();
      const words = ownWords?.() ?? "";
      this.add(
        [...words.matchAll(/https?:\/\/[^\s<>"'`)\]}]+/g)].map(([url]) => url.replace(/[.,;:!?]+$/, "")),
      );
    }
    return this.#addresses;
  }
}

import { AppError } from "../../errors.ts";
import { readAtMost } from "./read-at-most.ts";
import type { Fetched } from "./read-page.ts";

/** One request, as it is; follows nothing. */
export type Dial = (request: Request, signal: AbortSignal) => Promise<Response>;

export interface FetchPageOptions {
  /** Asked before each hop, with where it leads; throws what keeps it from going there. */
  readonly allow: (url: URL, hop: number) => Promise<void>;
  readonly dial: Dial;
}

const mostHops = 5;
const mostBytes = 10_000_000;
const patienceMs = 30_000;

const headers = {
  accept: "text/html,application/xhtml+xml,application/json;q=0.9,application/pdf;q=0.8,*/*;q=0.5",
  "accept-language": "*",
  "user-agent": "Mozilla/5.0 (compatible; NanoClaw)",
};

/**
 * A GET and what it leads to, each hop asked for anew, within 30 seconds and 10 MB: as it comes and as it is unpacked, so
 * that a small answer cannot become a large one. Throws `AppError`.
 */
export async function fetchPage(
  address: string,
  { allow, dial }: FetchPageOptions,
  signal: AbortSignal,
): Promise<Fetched> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  let url = toUrl(address);
  try {
    for (let hop = 0; hop <= mostHops; hop++) {
      await allow(url, hop);
      const request = new Request(url.href, { headers: { ...headers, "accept-encoding": "gzip, deflate" } });
      const response = await dial(request, limit);
      const next = findNext(response, url);
      if (next === undefined) return await toFetched(response, url, limit);
      await response.body?.cancel();
      url = next;
    }
  } catch (error) {
    signal.throwIfAborted();
    if (limit.aborted)
      throw new AppError("network", `${url.host} took longer than ${patienceMs / 1000} seconds.`);
    throw error;
  }
  throw new AppError("network", `${address} leads on and on: ${mostHops} redirects were followed.`);
}

function toUrl(address: string): URL {
  const url = URL.parse(address.trim());
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new AppError("usage", `${JSON.stringify(address.slice(0, 200))} is no http or https address.`);
  }
  // A name and a password in an address are either a trick or a secret.
  if (url.username !== "" || url.password !== "")
    throw new AppError("usage", "An address with a password is not fetched.");
  url.hash = "";
  return url;
}

function findNext(response: Response, from: URL): URL | undefined {
  const location = response.status >= 301 && response.status <= 308 ? response.headers.get("location") : null;
  if (location === null) return undefined;
  const next = URL.parse(location, from.href);
  if (next === null) throw new AppError("network", `${from.host} leads to something that is no address.`);
  return toUrl(next.href);
}

async function toFetched(response: Response, url: URL, signal: AbortSignal): Promise<Fetched> {
  if (!response.ok) {
    await response.body?.cancel();
    throw new AppError("network", `${url.href} answered ${response.status} ${response.statusText}`.trim());
  }
  const body = response.body ?? new Blob([]).stream();
  const packed = await readAtMost(body, mostBytes, url.href, signal);
  const bytes = await unpack(packed, response.headers.get("content-encoding"), url, signal);
  return { url: url.href, contentType: response.headers.get("content-type") ?? "", bytes };
}

async function unpack(
  packed: Uint8Array,
  encoding: string | null,
  url: URL,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const name = (encoding ?? "").trim().toLowerCase();
  if (name === "" || name === "identity") return packed;
  const format = ({ gzip: "gzip", "x-gzip": "gzip", deflate: "deflate" } as const)[name];
  if (format === undefined)
    throw new AppError("network", `${url.host} answers in an encoding that was not asked for.`);
  try {
    const stream = new Response(packed).body?.pipeThrough(new DecompressionStream(format));
    return stream === undefined ? packed : await readAtMost(stream, mostBytes, url.href, signal);
  } catch (cause) {
    if (cause instanceof AppError || signal.aborted) throw cause;
    throw new AppError("network", `What ${url.host} sent cannot be unpacked.`, { cause });
  }
}

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { gzipSync } from "node:zlib";
import { guardedFetch } from "../../egress/dial.ts";
import { AppError } from "../../errors.ts";
import { fetchPage, type Dial } from "./fetch-page.ts";
import { readPage, type Page } from "./read-page.ts";

// Made once, before anything is measured: to make it takes more memory than to meet it may.
const bomb = gzipSync(Buffer.alloc(200_000_000));

const never = new AbortController().signal;
let server: Bun.Server<undefined>;
const slow = Promise.withResolvers<void>();

beforeAll(() => {
  server = Bun.serve({ hostname: "127.0.0.1", port: 0, idleTimeout: 0, fetch: answer });
});
afterAll(async () => {
  slow.resolve();
  await server.stop(true);
});

const html = { "content-type": "text/html; charset=utf-8" };

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  switch (pathname) {
    case "/page":
      return new Response("<title>Hi</title><main><h1>Hello</h1><p>World</p></main>", { headers: html });
    case "/huge":
      return new Response(endless(), { headers: html });
    case "/bomb":
      return new Response(bomb, { headers: { ...html, "content-encoding": "gzip" } });
    case "/packed":
      return new Response(gzipSync("<p>unpacked"), { headers: { ...html, "content-encoding": "gzip" } });
    case "/broken":
      return new Response("no gzip at all", { headers: { ...html, "content-encoding": "gzip" } });
    case "/slow":
      await slow.promise;
      return new Response("late");
    case "/round":
      return Response.redirect("/round", 302);
    case "/once":
      return Response.redirect("/page", 302);
    case "/inside":
      return Response.redirect("http://169.254.169.254/latest/meta-data", 302);
    case "/file":
      return new Response(null, { status: 302, headers: { location: "file:///etc/passwd" } });
    case "/latin":
      return new Response(Buffer.from("<meta charset=iso-8859-2><p>\u00b9rod\u00e9", "latin1"), {
        headers: { "content-type": "text/html" },
      });
    case "/sjis":
      return new Response(new Uint8Array([0x93, 0xfa, 0x96, 0x7b]), {
        headers: { "content-type": "text/plain; charset=shift_jis" },
      });
    case "/json":
      return new Response('{"a":[1,2]}', { headers: { "content-type": "application/json" } });
    case "/picture":
      return new Response(new Uint8Array([0x89, 0x50, 0, 0]), { headers: { "content-type": "image/png" } });
    case "/pdf":
      return new Response("%PDF-1.7 …", { headers: { "content-type": "application/octet-stream" } });
    default:
      return new Response("nothing here", { status: 404 });
  }
}

function endless(): ReadableStream<Uint8Array> {
  const chunk = new Uint8Array(1_000_000).fill(0x61);
  return new ReadableStream({ pull: (controller) => controller.enqueue(chunk) });
}

/** The guarded dialer, but that this machine's own address is the open internet. */
const dial: Dial = async (request, signal) =>
  await guardedFetch(
    request,
    { allow: () => true, allowsAddress: (address) => address === "127.0.0.1" },
    signal,
  );

const asked: string[] = [];
const allow = async (url: URL): Promise<void> => void asked.push(url.href);

async function get(path: string, signal = never): Promise<Page> {
  const fetched = await fetchPage(`http://127.0.0.1:${server.port}${path}`, { allow, dial }, signal);
  return await readPage(fetched, signal);
}

async function refusal(path: string): Promise<string> {
  const error: unknown = await get(path).catch((reason: unknown) => reason);
  return error instanceof AppError ? `${error.code}: ${error.message}` : String(error);
}

test.each([
  ["/page", { kind: "page", title: "Hi", text: "# Hello\n\nWorld" }],
  ["/once", { kind: "page", title: "Hi" }],
  ["/packed", { kind: "page", text: "unpacked" }],
  ["/latin", { text: "šrodé" }],
  ["/sjis", { kind: "text", text: "日本" }],
  ["/json", { kind: "data", text: '{\n "a": [\n  1,\n  2\n ]\n}' }],
])("%s becomes words", async (path, page) => {
  expect(await get(path)).toMatchObject(page);
});

test.each([
  ["/huge", "too-long: "],
  ["/bomb", "too-long: "],
  ["/broken", "network: What 127.0.0.1"],
  ["/round", "network: http://127.0.0.1"],
  ["/inside", "denied: 169.254.169.254 leads to an address that is not on the open internet."],
  ["/file", 'usage: "file:///etc/passwd" is no http or https address.'],
  ["/picture", "usage: http://127.0.0.1"],
  ["/nothing", "network: http://127.0.0.1"],
])("%s is refused: %s…", async (path, reason) => {
  expect(await refusal(path)).toStartWith(reason);
});

test("each hop is asked for before it is gone to", async () => {
  asked.length = 0;
  await get("/once");
  expect(asked.map((url) => new URL(url).pathname)).toEqual(["/once", "/page"]);
});

test("a bomb never takes more memory than is allowed to come of it", async () => {
  const before = process.memoryUsage().rss;
  await refusal("/bomb");
  expect(process.memoryUsage().rss - before).toBeLessThan(120_000_000);
});

test("it ends when it is told to, with that reason", async () => {
  const stop = new AbortController();
  const getting = get("/slow", stop.signal).catch((error: unknown) => error);
  const reason = new Error("enough");
  stop.abort(reason);
  expect(await getting).toBe(reason);
});

describe("with the guard of the whole program", () => {
  const guarded: Dial = async (request, signal) => await guardedFetch(request, { allow: () => true }, signal);

  test.each([
    "127.0.0.1",
    "localhost",
    "10.0.0.1",
    "[::1]",
    "2130706433",
    "0x7f.1",
    "169.254.169.254",
    "[::ffff:127.0.0.1]",
  ])("%s is not reached", async (host) => {
    const address = `http://${host}:${server.port}/page`;
    const error: unknown = await fetchPage(address, { allow, dial: guarded }, never).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(AppError);
  });
});

test.each([
  "ftp://e.org",
  "javascript:alert(1)",
  "http://user:pass@e.org",
  "not an address",
  "file:///etc/passwd",
  "",
])("%p is no address to fetch", async (address) => {
  expect(fetchPage(address, { allow, dial }, never)).rejects.toBeInstanceOf(AppError);
});

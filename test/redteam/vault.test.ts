import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Grant } from "../../src/egress/grant.ts";
import type { ServeGrant } from "../../src/egress/proxy.ts";
import { createServeGrant } from "../../src/egress/serve-grant.ts";
import { Secret } from "../../src/secret.ts";

/**
 * What somebody inside a sandbox sends to a grant in order to do more with the secret than was granted, or to be told it. The
 * service behind is as obliging as any that is out there: it reads a path in the widest way, lets headers and parameters speak
 * for method and path, and repeats whatever it is sent.
 */
const value = "ghp/canary+0123456789=";

interface Done {
  readonly method: string;
  readonly path: string;
  readonly isWithSecret: boolean;
}

let done: Done[] = [];
let service: ReturnType<typeof Bun.serve>;

beforeAll(() => {
  service = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const body = await request.text();
      const isWithSecret = request.headers.get("authorization") === `Bearer ${value}`;
      done.push({ ...obey(request), isWithSecret });
      return repeat(request, body);
    },
  });
});
afterAll(() => service.stop(true));

/** What the service does about a request. */
function obey(request: Request): { readonly method: string; readonly path: string } {
  const url = new URL(request.url);
  const headers = new Map([...request.headers].map(([name, text]) => [name.replaceAll("_", "-"), text]));
  const said = [...url.searchParams].find(([name]) =>
    /^_method$|^_HttpMethod$|^x-http-method-override$/i.test(name),
  );
  const method =
    said?.[1] ?? headers.get("x-http-method-override") ?? headers.get("x-method-override") ?? request.method;
  const path = headers.get("x-original-url") ?? headers.get("x-rewrite-url") ?? url.pathname;
  return { method: method.toUpperCase(), path: resolve(path) };
}

/** Decoded twice, also from the longer forms of UTF-8; parameters of a part cut off; then the dots. */
function resolve(path: string): string {
  const decode = (text: string): string =>
    text
      .replaceAll(/%c0%ae/gi, ".")
      .replaceAll(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  const plain = decode(decode(path)).replaceAll("\\", "/").split("\0")[0] ?? "";
  const parts: string[] = [];
  for (const part of plain.split("/").map((each) => each.split(";")[0] ?? "")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

function repeat(request: Request, body: string): Response {
  const wish = new URL(request.url).searchParams.get("say") ?? "plain";
  const all = `${request.url}\n${[...request.headers].map((pair) => pair.join(": ")).join("\n")}\n${body}`;
  const secret = (/Bearer (.*)/.exec(request.headers.get("authorization") ?? "")?.[1] ?? "").trim();
  const answers: Readonly<Record<string, () => Response>> = {
    plain: () => new Response(all),
    error: () => new Response(`Bad credentials: ${secret}`, { status: 401 }),
    header: () => new Response("", { headers: { "x-you-sent": all.replaceAll("\n", " ") } }),
    cookie: () => new Response("", { headers: { "set-cookie": "session=as-good-as-the-key" } }),
    json: () => new Response(JSON.stringify({ secret }).replaceAll("/", "\\/")),
    url: () => new Response(encodeURIComponent(secret).toLowerCase()),
    base64: () => new Response(Buffer.from(`x${secret}`).toString("base64")),
    hex: () => new Response(Buffer.from(secret).toString("hex")),
    packed: () => new Response(Bun.gzipSync(all), { headers: { "content-encoding": "gzip" } }),
    part: () =>
      request.headers.has("range") ? new Response(secret.slice(0, 9), { status: 206 }) : new Response(secret),
    elsewhere: () =>
      new Response(null, { status: 302, headers: { location: `http://127.0.0.2/?t=${secret}` } }),
  };
  return (answers[wish] ?? answers["plain"])?.() ?? new Response();
}

const grant = (): Grant => ({
  name: "hub",
  secret: "TOKEN",
  base: `http://127.0.0.1:${service.port}`,
  methods: ["GET"],
  paths: ["/repos/mine"],
  placement: { type: "header", name: "Authorization", format: "Bearer {}" },
});

const vault: ServeGrant = (group, request, signal) =>
  createServeGrant({
    mayGoOn: async () => true,
    findGrant: async (name) => (name === "hub" ? grant() : undefined),
    readSecret: async () => new Secret(value),
    refuse: async () => undefined,
  })(group, request, signal);

/** The same without its controls: it compares the beginning of the path, and adds the secret. */
const careless: ServeGrant = async (_group, request, signal) => {
  const { pathname, search } = new URL(request.url);
  const path = pathname.replace(/^\/hub/, "");
  if (!path.startsWith("/repos/mine")) return new Response("", { status: 403 });
  const headers = new Headers(request.headers);
  headers.set("authorization", `Bearer ${value}`);
  const { method } = request;
  return await fetch(grant().base + path + search, {
    method,
    headers,
    redirect: "manual",
    decompress: false,
    signal,
  });
};

interface Attack {
  readonly name: string;
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** More is done than was granted. */
const trespasses: readonly Attack[] = [
  { name: "a path that begins alike", path: "/repos/mine-and-yours" },
  { name: "dots behind an encoded slash", path: "/repos/mine/..%2fyours" },
  { name: "dots behind an encoded backslash", path: "/repos/mine/..%5cyours" },
  { name: "dots encoded twice", path: "/repos/mine/%252e%252e/yours" },
  { name: "dots with a parameter", path: "/repos/mine/..;a=b/yours" },
  { name: "dots with an encoded parameter", path: "/repos/mine/..%3Ba/yours" },
  { name: "dots in a longer form of UTF-8", path: "/repos/mine/%c0%ae%c0%ae/yours" },
  { name: "another method", path: "/repos/mine", method: "DELETE" },
  {
    name: "another method in a header",
    path: "/repos/mine",
    headers: { "X-HTTP-Method-Override": "DELETE" },
  },
  { name: "the same with underscores", path: "/repos/mine", headers: { X_Http_Method_Override: "DELETE" } },
  { name: "a shorter name of it", path: "/repos/mine", headers: { "X-Method-Override": "DELETE" } },
  { name: "another method behind the question mark", path: "/repos/mine?_method=delete" },
  { name: "a longer name of it", path: "/repos/mine?_HttpMethod=DELETE" },
  { name: "another path in a header", path: "/repos/mine", headers: { "X-Original-URL": "/admin" } },
  { name: "another name of it", path: "/repos/mine", headers: { "x-rewrite-url": "/admin" } },
];

/** The answer tells the secret, or what is as good. */
const tellings: readonly Attack[] = [
  "plain",
  "error",
  "header",
  "cookie",
  "json",
  "url",
  "base64",
  "hex",
  "packed",
  "elsewhere",
].map((wish) => ({ name: `an answer: ${wish}`, path: `/repos/mine?say=${wish}` }));

const taps: readonly Attack[] = [
  ...tellings,
  { name: "a part of an answer", path: "/repos/mine?say=part", headers: { Range: "bytes=0-8" } },
];

async function attack({ path, method = "GET", headers = {} }: Attack, serve: ServeGrant) {
  done = [];
  const request = new Request(`http://grant/hub${path}`, { method, headers });
  try {
    const response = await serve("main", request, AbortSignal.timeout(10_000));
    const bytes = Buffer.from(await response.arrayBuffer());
    return toText([...response.headers].flat().join("\n"), bytes);
  } catch (error) {
    return Bun.inspect(error);
  }
}

/** As the one inside reads it: unpacked where it is packed. */
function toText(headers: string, bytes: Buffer): string {
  const body =
    bytes[0] === 0x1f && bytes[1] === 0x8b ? Buffer.from(Bun.gunzipSync(Uint8Array.from(bytes))) : bytes;
  return `${headers}\n${body.toString("latin1")}`;
}

function isTrespass(): boolean {
  return done.some(({ method, path, isWithSecret }) => {
    const isInside = path === "/repos/mine" || path.startsWith("/repos/mine/");
    return isWithSecret && !(isInside && method === "GET");
  });
}

function isTold(text: string): boolean {
  const forms = [
    value,
    value.slice(0, 9),
    value.replaceAll("/", "\\/"),
    encodeURIComponent(value).toLowerCase(),
    Buffer.from(`x${value}`).toString("base64").slice(2, -2),
    Buffer.from(value).toString("hex"),
    "as-good-as-the-key",
  ];
  return forms.some((form) => text.includes(form));
}

describe("with a grant nothing more is done than was granted", () => {
  test.each(trespasses)("by $name", async (each) => {
    await attack(each, vault);
    expect(isTrespass()).toBe(false);
  });

  test.each(trespasses)("without the controls it is, by $name", async (each) => {
    await attack(each, careless);
    expect(isTrespass()).toBe(true);
  });

  test.each([
    "/repos/mine",
    "/repos/mine/issues;v=1",
    "/repos/mine/a..b",
    "/repos/mine/%C3%A9?method=search&page=2",
    "/repos/mine/..a",
  ])("what was granted is done: %s", async (path) => {
    const told = await attack({ name: "twin", path }, vault);
    expect(told).toContain("accept");
    expect(done).toMatchObject([{ method: "GET", isWithSecret: true }]);
    expect(isTrespass()).toBe(false);
  });
});

describe("the secret is not told", () => {
  test.each(taps)("by $name", async (each) => {
    expect(isTold(await attack(each, vault))).toBe(false);
  });

  test.each(taps)("without the controls it is, by $name", async (each) => {
    expect(isTold(await attack(each, careless))).toBe(true);
  });

  test("by an error of the connection, though the address holds it", async () => {
    const serve = createServeGrant({
      mayGoOn: async () => true,
      // Nobody listens there.
      findGrant: async () => ({
        ...grant(),
        base: "http://127.0.0.1:1",
        placement: { type: "query", name: "key" },
      }),
      readSecret: async () => new Secret(value),
      refuse: async () => undefined,
    });
    const said = await attack({ name: "closed", path: "/repos/mine" }, serve);
    expect(said).toContain("127.0.0.1:1 could not be reached");
    for (const form of [value, encodeURIComponent(value)]) expect(said).not.toContain(form);
    const raw = await fetch(`http://127.0.0.1:1/?key=${encodeURIComponent(value)}`).catch(Bun.inspect);
    expect(raw).toContain(encodeURIComponent(value));
  });
});

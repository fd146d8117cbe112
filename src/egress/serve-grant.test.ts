import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { Secret } from "../secret.ts";
import type { Grant, Placement } from "./grant.ts";
import { createServeGrant, type GrantUse } from "./serve-grant.ts";

const value = "ghp_canary_0123456789";
const never = new AbortController().signal;

interface Seen {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string;
}

let server: ReturnType<typeof Bun.serve>;
let seen: Seen[] = [];
let answer: (request: Request) => Response | Promise<Response>;

beforeAll(() => {
  server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { method, headers } = request;
      seen.push({ method, url: new URL(request.url), headers, body: await request.clone().text() });
      return await answer(request);
    },
  });
});
afterAll(() => server.stop(true));
beforeEach(() => {
  seen = [];
  answer = () => new Response("fine");
});

const bearer: Placement = { type: "header", name: "Authorization", format: "Bearer {}" };

function toGrant(more: Partial<Grant> = {}): Grant {
  const base = `http://127.0.0.1:${server.port}/api`;
  return {
    name: "hub",
    secret: "TOKEN",
    base,
    methods: ["GET", "POST"],
    paths: ["/repos"],
    placement: bearer,
    ...more,
  };
}

interface Setting {
  readonly grant?: Grant | undefined;
  readonly secret?: string | undefined;
  readonly refuse?: (use: GrantUse) => Promise<string | undefined>;
}

async function ask(
  path: string,
  init: RequestInit = {},
  { grant = toGrant(), secret = value, refuse = async () => undefined }: Setting = {},
): Promise<Response> {
  const serve = createServeGrant({
    findGrant: async (name) => (name === grant.name ? grant : undefined),
    readSecret: async (name) => (name === grant.secret ? new Secret(secret) : undefined),
    refuse,
    mayGoOn: async () => true,
  });
  return await serve("main", new Request(`http://grant${path}`, init), never);
}

describe("a request by way of a grant", () => {
  test("goes to the base with the secret added, its query and its body", async () => {
    const init = {
      method: "POST",
      body: "a body",
      headers: { "content-type": "text/x", "content-length": "6" },
    };
    const response = await ask("/hub/repos/a?page=2", init);
    expect([response.status, await response.text()]).toEqual([200, "fine"]);
    const [{ method, url, headers, body }] = seen as [Seen];
    expect([method, url.pathname, url.search, body]).toEqual(["POST", "/api/repos/a", "?page=2", "a body"]);
    expect([headers.get("authorization"), headers.get("content-type")]).toEqual([
      `Bearer ${value}`,
      "text/x",
    ]);
  });

  test("carries nothing of who the sandbox says it is, nor what would hide the answer", async () => {
    const headers = {
      ...{ authorization: "Bearer mine", cookie: "a=b", "x-api-key": "mine", range: "bytes=0-3" },
      ...{
        "accept-encoding": "gzip",
        "x-forwarded-for": "1.2.3.4",
        "proxy-authorization": "x",
        accept: "text/x",
      },
    };
    await ask("/hub/repos", { headers });
    const sent = seen[0]?.headers;
    expect(sent?.get("authorization")).toBe(`Bearer ${value}`);
    for (const name of ["cookie", "x-api-key", "range", "x-forwarded-for", "proxy-authorization"])
      expect([name, sent?.get(name) ?? null]).toEqual([name, null]);
    expect([sent?.get("accept-encoding"), sent?.get("accept")]).toEqual([null, "text/x"]);
  });

  test("carries no other key, and nothing that would make another request of it", async () => {
    const names = [
      ...["private-token", "x-auth-token", "x-amz-security-token", "x-authorization", "dd-api-key"],
      ...["x-http-method-override", "x-original-url", "x-rewrite-url", "x-host", "destination", "x_token"],
    ];
    await ask("/hub/repos", {
      headers: { ...Object.fromEntries(names.map((name) => [name, "mine"])), "idempotency-key": "kept" },
    });
    expect(names.filter((name) => seen[0]?.headers.has(name))).toEqual([]);
    expect(seen[0]?.headers.get("idempotency-key")).toBe("kept");
  });

  test.each([
    [{ type: "query", name: "key" }, "/hub/repos?a=1&key=mine", `?a=1&key=${value}`, null],
    [
      { type: "basic", user: "anna" },
      "/hub/repos",
      "",
      `Basic ${Buffer.from(`anna:${value}`).toString("base64")}`,
    ],
    [{ type: "header", name: "Authorization", format: "token {}" }, "/hub/repos", "", `token ${value}`],
  ] satisfies [Placement, string, string, string | null][])(
    "sends it as %j",
    async (placement, path, search, header) => {
      await ask(path, {}, { grant: toGrant({ placement }) });
      expect([seen[0]?.url.search, seen[0]?.headers.get("authorization")]).toEqual([search, header]);
    },
  );

  test.each([
    ["another grant's name", "/other/repos", "GET", 404],
    ["a path outside", "/hub/orgs", "GET", 403],
    ["a path that only begins alike", "/hub/repositories", "GET", 403],
    ["a path that leads out", "/hub/repos/%2e%2e/orgs", "GET", 403],
    ["an encoded slash", "/hub/repos%2forgs", "GET", 400],
    ["one that is encoded twice", "/hub/repos/%252e%252e/orgs", "GET", 400],
    ["an empty part", "/hub/repos//orgs", "GET", 400],
    ["nothing behind the name", "/hub", "GET", 403],
    ["a method that was not granted", "/hub/repos", "DELETE", 403],
  ])("with %s reaches nobody", async (_, path, method, status) => {
    await expect(ask(path, { method })).rejects.toMatchObject({ status });
    expect(seen).toEqual([]);
  });

  test("that is decided against reaches nobody, and neither does one whose secret is gone or unfit", async () => {
    await expect(ask("/hub/repos", {}, { refuse: async () => "Not now." })).rejects.toMatchObject({
      status: 403,
      message: "Not now.",
    });
    for (const secret of ["short", "two\r\nx-lines: 1"])
      await expect(ask("/hub/repos", {}, { secret })).rejects.toMatchObject({ status: 502 });
    await expect(
      ask("/hub/repos", {}, { grant: toGrant({ secret: "TOKEN" }), secret: "" }),
    ).rejects.toMatchObject({
      status: 502,
    });
    expect(seen).toEqual([]);
  });

  test("is decided by the grant, the method and the path, without the query", async () => {
    const uses: unknown[] = [];
    const refuse = async ({ grant, ...use }: GrantUse) => void uses.push([grant.name, use]);
    await ask("/hub/repos/x?secret=1", {}, { refuse: async (use) => (await refuse(use), undefined) });
    expect(uses).toEqual([["hub", { method: "GET", path: "/repos/x" }]]);
  });
});

describe("an answer", () => {
  const echo = `you sent ${value}, Bearer ${value}, ${Buffer.from(`anna:${value}`).toString("base64")}`;

  test("holds the secret no more, in its body, its headers and its reason", async () => {
    answer = () =>
      new Response(echo, { statusText: value, headers: { "x-echo": value, "set-cookie": "session=1" } });
    const response = await ask(
      "/hub/repos",
      {},
      { grant: toGrant({ placement: { type: "basic", user: "anna" } }) },
    );
    const all = [await response.text(), response.statusText, ...[...response.headers].flat()].join("\n");
    expect(all).not.toContain(value);
    expect(all).not.toContain(Buffer.from(`anna:${value}`).toString("base64"));
    expect(all).not.toContain("session=1");
    // The server really said it.
    expect(echo).toContain(value);
  });

  test("streams: an event comes through before the next is sent", async () => {
    const gate = Promise.withResolvers<void>();
    answer = () =>
      new Response(
        new ReadableStream({
          async start(controller) {
            controller.enqueue("data: one\n\n");
            await gate.promise;
            controller.enqueue(`data: ${value}\n\n`);
            controller.close();
          },
        }),
      );
    const reader = (await ask("/hub/repos")).body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe("data: one\n\n");
    gate.resolve();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe(
      `data: ${"*".repeat(value.length)}\n\n`,
    );
  });

  test.each([
    ["a part of the whole", { status: 206 }],
    ["packed", { headers: { "content-encoding": "gzip" } }],
  ])("that is %s is refused", async (_, init) => {
    answer = () => new Response(Buffer.from(echo), init);
    await expect(ask("/hub/repos")).rejects.toMatchObject({ status: 502 });
  });

  test("that leads on is not followed; below the base it leads by way of the grant", async () => {
    const location = async (to: string): Promise<string | null> => {
      answer = () => new Response(null, { status: 302, headers: { location: to } });
      return (await ask("/hub/repos")).headers.get("location");
    };
    expect(await location("/api/repos/b?x=1")).toBe("/hub/repos/b?x=1");
    expect(await location(`http://127.0.0.1:${server.port}/api/repos/c`)).toBe("/hub/repos/c");
    expect(await location("d?x=1")).toBe("/hub/d?x=1");
    expect(await location("https://evil.example/?t=1")).toBe("https://evil.example/?t=1");
    expect(await location("/elsewhere")).toBe("/elsewhere");
    expect(seen.length).toBe(5);
  });
});

test("only the owner's own address of this machine is dialled: a name that leads here is not", async () => {
  const grant = toGrant({ base: `https://localhost:${server.port}/api` });
  await expect(ask("/hub/repos", {}, { grant })).rejects.toThrow("not on the open internet");
  expect(seen).toEqual([]);
});

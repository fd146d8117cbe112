import { expect, test } from "bun:test";
import { explain } from "../errors.ts";
import type { Saying } from "../words/define-words.ts";
import { silentLog } from "../log.ts";
import { Secret } from "../secret.ts";
import { isLoopback, WebServer, type Route } from "./server.ts";

const asked: string[] = [];

function open(host = "127.0.0.1", isAllowed = true): WebServer {
  asked.length = 0;
  return new WebServer({
    host,
    port: 0,
    token: new Secret("right"),
    log: silentLog,
    allow: async (action, name) => {
      asked.push(`${action} ${name}`);
      return isAllowed;
    },
  });
}

function route(more: Partial<Route> = {}): Route {
  return {
    method: "GET",
    path: "/thing",
    action: "gateway.read",
    handle: async () => new Response("the thing"),
    ...more,
  };
}

async function get(server: WebServer, path: string, token?: string): Promise<readonly [number, string]> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { headers });
  return [response.status, await response.text()];
}

test("with the token a route is reached, after its action was asked about", async () => {
  await using server = open();
  server.add(route());
  expect(await get(server, "/thing", "right")).toEqual([200, "the thing"]);
  expect(asked).toEqual(["gateway.read GET /thing"]);
});

test("without the token every path says the same; were the route open, anybody would reach it", async () => {
  await using server = open();
  server.add(route());
  server.add(route({ path: "/open", isOpenOnLoopback: true }));
  expect(await get(server, "/thing")).toEqual(await get(server, "/nowhere"));
  expect((await get(server, "/thing", "wrong"))[0]).toBe(401);
  expect(await get(server, "/open")).toEqual([200, "the thing"]);
});

test("beyond loopback nothing is open", async () => {
  await using server = open("0.0.0.0");
  server.add(route({ isOpenOnLoopback: true }));
  expect((await get(server, "/thing"))[0]).toBe(401);
  expect((await get(server, "/thing", "right"))[0]).toBe(200);
});

test("what authorize() denies is not handled", async () => {
  await using server = open("127.0.0.1", false);
  let isHandled = false;
  server.add(route({ handle: async () => new Response(String((isHandled = true))) }));
  expect((await get(server, "/thing", "right"))[0]).toBe(403);
  expect(isHandled).toBe(false);
});

test("a handler that fails tells the caller nothing of why", async () => {
  await using server = open();
  server.add(route({ handle: () => Promise.reject(new Error("the secret is 42")) }));
  const [status, text] = await get(server, "/thing", "right");
  expect(status).toBe(503);
  expect(text).not.toContain("42");
});

test("a route that was taken away is there no more", async () => {
  await using server = open();
  server.add(route())[Symbol.dispose]();
  expect((await get(server, "/thing", "right"))[0]).toBe(404);
});

test.each([
  ["127.0.0.1", true],
  ["127.8.9.10", true],
  ["localhost", true],
  ["::1", true],
  ["0.0.0.0", false],
  ["192.168.0.4", false],
  ["127.0.0.1.example.com", false],
  ["localhost.example.com", false],
])("%s is loopback: %p", (host, isIt) => {
  expect(isLoopback(host)).toBe(isIt);
});

test("a host at which nobody can listen is named, whatever the system says of it", () => {
  for (const host of ["nowhere.invalid", "not a host", "::::", "192.0.2.1"]) {
    expect(() => open(host)).toThrow(`${host}:0 is no address at which this machine can listen for you`);
  }
});

test("who is told that a port is taken is told another one", async () => {
  await using first = open();
  const take = (): WebServer =>
    new WebServer({
      host: "127.0.0.1",
      port: first.port,
      token: new Secret("right"),
      log: silentLog,
      allow: async () => true,
    });
  const words = catchWords(take);
  expect(words.message).toContain(`Port ${first.port} of 127.0.0.1 is taken`);
  expect(words.hint).toContain(`gateway.port ${first.port + 1}`);
});

function catchWords(run: () => unknown): Saying {
  try {
    run();
  } catch (error) {
    return explain(error);
  }
  throw new Error("nothing was thrown");
}

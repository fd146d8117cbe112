import { expect, test } from "bun:test";
import { startFakeOpenRouter } from "../../../test/fakes/openrouter.ts";
import type { Secret } from "../../secret.ts";
import { loginWithOpenRouter } from "./openrouter.ts";

const never = new AbortController().signal;

interface Begun {
  /** The address that the person is shown. */
  readonly url: string;
  readonly result: Promise<Secret>;
}

async function begin(
  base: string,
  options: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<Begun> {
  const shown = Promise.withResolvers<string>();
  const result = loginWithOpenRouter(
    { base, timeoutMs: options.timeoutMs ?? 20_000, show: async (url) => shown.resolve(url) },
    options.signal ?? never,
  );
  result.catch(() => {});
  return { url: await shown.promise, result };
}

test("signing in brings the key, proved by the verifier", async () => {
  await using server = startFakeOpenRouter();
  const { url, result } = await begin(server.base);
  const callback = await server.agree(url);
  const page = await fetch(callback);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain("You are signed in");
  expect((await result).open()).toBe(server.key);
  expect(server.exchanges).toHaveLength(1);
  expect(String(server.exchanges[0]?.["code_verifier"])).toMatch(/^[\w-]{43}$/);
  await expect(fetch(callback)).rejects.toThrow();
});

test("a visit with the wrong state, path or method is turned away and the right one still counts", async () => {
  await using server = startFakeOpenRouter();
  const { url, result } = await begin(server.base);
  const callback = new URL(await server.agree(url));
  const forged = new URL(callback);
  forged.searchParams.set("state", "guessed");
  expect((await fetch(forged)).status).toBe(400);
  const stateless = new URL(callback);
  stateless.searchParams.delete("state");
  expect((await fetch(stateless)).status).toBe(400);
  expect((await fetch(new URL("/?code=x", callback))).status).toBe(404);
  expect((await fetch(callback, { method: "POST" })).status).toBe(404);
  expect(server.exchanges).toHaveLength(0);
  await fetch(callback);
  expect((await result).open()).toBe(server.key);
});

test("a code that somebody else has used is refused", async () => {
  await using server = startFakeOpenRouter();
  const { url, result } = await begin(server.base);
  const callback = new URL(await server.agree(url));
  const stolen = await fetch(new URL("/api/v1/auth/keys", server.base), {
    method: "POST",
    body: JSON.stringify({ code: callback.searchParams.get("code"), code_verifier: "guess" }),
  });
  expect(stolen.status).toBe(403);
  await fetch(callback);
  await expect(result).rejects.toThrow("OpenRouter refused the sign-in (status 403).");
});

test("two sign-ins at once do not take each other's callbacks", async () => {
  await using server = startFakeOpenRouter();
  const first = await begin(server.base);
  const second = await begin(server.base);
  const [one, two] = [new URL(await server.agree(first.url)), new URL(await server.agree(second.url))];
  const crossed = new URL(one);
  crossed.host = two.host;
  expect((await fetch(crossed)).status).toBe(404);
  await Promise.all([fetch(one), fetch(two)]);
  expect((await first.result).open()).toBe(server.key);
  expect((await second.result).open()).toBe(server.key);
});

test("a person who declines on the page ends it", async () => {
  await using server = startFakeOpenRouter();
  const { url, result } = await begin(server.base);
  const callback = new URL(await server.agree(url));
  callback.searchParams.delete("code");
  callback.searchParams.set("error", "access_denied");
  await fetch(callback);
  await expect(result).rejects.toThrow("The sign-in was declined");
});

test("waiting ends at the deadline", async () => {
  await using server = startFakeOpenRouter();
  const { result } = await begin(server.base, { timeoutMs: 20 });
  await expect(result).rejects.toThrow("Nobody signed in within the time allowed.");
});

test("waiting ends when it is cancelled, with the reason as it is, and nobody listens any more", async () => {
  await using server = startFakeOpenRouter();
  const controller = new AbortController();
  const { url, result } = await begin(server.base, { signal: controller.signal });
  const reason = new Error("stop");
  controller.abort(reason);
  expect(await result.catch((error: unknown) => error)).toBe(reason);
  const callback = new URL(url).searchParams.get("callback_url") ?? "";
  await expect(fetch(callback)).rejects.toThrow();
});

test("an exchange that cannot be reached says so", async () => {
  const server = startFakeOpenRouter();
  const { url, result } = await begin(server.base);
  const callback = await server.agree(url);
  await server[Symbol.asyncDispose]();
  await fetch(callback);
  await expect(result).rejects.toThrow("could not be reached");
});

import { expect, test } from "bun:test";
import { collect, toRequest } from "../../test/contract/provider.ts";
import { startLlmServer } from "../../test/fakes/llm-server.ts";
import { Secret } from "../secret.ts";
import { checkKey } from "./check-key.ts";
import { createDemoProvider, createProvider, toTarget, type WireTarget } from "./registry.ts";

const never = new AbortController().signal;

test("a known provider needs a key only", () => {
  const apiKey = new Secret("sk-ant-1");
  expect(toTarget("anthropic", { apiKey })).toMatchObject({
    name: "anthropic",
    label: "Anthropic",
    wire: "anthropic",
    apiBase: "https://api.anthropic.com",
    apiKey,
  });
});

test("an unknown one needs an address and speaks the wire of OpenAI", () => {
  expect(toTarget("companyProxy", {})).toBeUndefined();
  expect(toTarget("companyProxy", { apiBase: "http://proxy/v1" })).toMatchObject({
    name: "companyProxy",
    label: "companyProxy",
    wire: "openai",
  });
});

test("a gateway is known by its address, under whatever name", () => {
  const target = toTarget("myRouter", { apiBase: "https://openrouter.ai/api/v1" });
  expect(target).toMatchObject({ name: "myRouter", takesCacheMarks: true, keyCheckPath: "/key" });
  expect(toTarget("deepseek", { apiBase: "http://proxy" })).toMatchObject({
    label: "DeepSeek",
    apiBase: "http://proxy",
  });
});

test("an address of a server of one's own needs no path", () => {
  expect(toTarget("vllm", { apiBase: "http://localhost:8000" })?.apiBase).toBe("http://localhost:8000/v1");
  expect(toTarget("vllm", { apiBase: "http://localhost:8000/api/" })?.apiBase).toBe(
    "http://localhost:8000/api/",
  );
});

test.each(["anthropic", "openai"] as const)("the wire %s is loaded and answers", async (wire) => {
  await using server = startLlmServer([{ text: "hi" }]);
  const provider = await createProvider({ name: "x", label: "X", wire, apiBase: server.openAiBase });
  expect((await collect(provider.stream(toRequest("hi"), never))).at(-1)?.type).toBe("stop");
  expect(server.requests[0]?.wire).toBe(wire);
});

test("the demo model is there without anything", async () => {
  expect((await createDemoProvider()).name).toBe("demo");
});

test.each(["anthropic", "openai"] as const)(
  "a key is checked over the wire %s without an answer",
  async (wire) => {
    await using server = startLlmServer([], { keys: ["right"], models: ["m1", "m2"] });
    const target: WireTarget = { name: "x", label: "X", wire, apiBase: server.openAiBase };
    expect(await checkKey({ ...target, apiKey: new Secret("right") }, never)).toEqual({
      type: "ok",
      models: ["m1", "m2"],
    });
    expect(await checkKey({ ...target, apiKey: new Secret("wrong") }, never)).toMatchObject({
      type: "refused",
      error: { class: "auth" },
    });
    expect(server.requests).toHaveLength(0);
  },
);

test("a key is not called wrong when the provider cannot be reached", async () => {
  await using server = startLlmServer([]);
  const target: WireTarget = { name: "x", label: "X", wire: "openai", apiBase: `${server.url}/nowhere/v1` };
  const nobody = { ...target, apiBase: "http://127.0.0.1:1/v1", apiKey: new Secret("k") };
  expect(await checkKey(nobody, never)).toMatchObject({ type: "unreachable" });
  const lost = { ...target, keyCheckPath: "/lost", apiKey: new Secret("k") };
  expect(await checkKey(lost, never)).toMatchObject({ type: "unreachable" });
});

test("the check of a key ends when it is aborted", async () => {
  const target: WireTarget = { name: "x", label: "X", wire: "openai", apiBase: "http://127.0.0.1:1/v1" };
  const reason = new Error("enough");
  const failure = await checkKey(target, AbortSignal.abort(reason)).catch((error: unknown) => error);
  expect(failure).toBe(reason);
});

test("OpenRouter's key is checked where a key is needed", async () => {
  await using server = startLlmServer([], { keys: ["right"] });
  const target: WireTarget = {
    name: "openrouter",
    label: "OpenRouter",
    wire: "openai",
    apiBase: server.openAiBase,
    keyCheckPath: "/key",
  };
  expect(await checkKey({ ...target, apiKey: new Secret("right") }, never)).toEqual({
    type: "ok",
    models: [],
  });
  expect(await checkKey({ ...target, apiKey: new Secret("wrong") }, never)).toMatchObject({
    type: "refused",
  });
});

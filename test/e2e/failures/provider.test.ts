import { describe, expect, test } from "bun:test";
import { createProvider } from "../../../src/providers/registry.ts";
import type { ProviderTarget } from "../../../src/providers/target.ts";
import { Secret } from "../../../src/secret.ts";
import type { Failures } from "../../../src/words/english/failures.ts";
import { collect, isLast, toRequest } from "../../contract/provider.ts";
import { startLlmServer } from "../../fakes/llm-server.ts";
import type { Fault, Turn } from "../../fakes/llm-turn.ts";
import { ProgramBench } from "../../fakes/program-bench.ts";
import { type Provocation, testProvocations, toSaid } from "../../fakes/provoke.ts";

type Answer = Omit<Extract<Fault, { type: "status" }>, "type">;

/** The program asks a server that answers so. */
function answered(answer: Answer): () => Promise<string> {
  return async () => {
    const headers = { "retry-after-ms": "1", ...answer.headers };
    await using bench = await ProgramBench.open({
      script: () => ({ fault: { type: "status", ...answer, headers } }),
    });
    return (await bench.ask("hi")).err;
  };
}

/** The program asks a model that says so. */
function told(turn: Turn): () => Promise<string> {
  return async () => {
    await using bench = await ProgramBench.open({ script: () => turn });
    return (await bench.ask("hi")).err;
  };
}

/** One request, tried once. */
async function askOnce(answer: Answer, target: Partial<ProviderTarget> = {}): Promise<string> {
  await using server = startLlmServer([{ fault: { type: "status", ...answer } }]);
  const wanted = { name: "openai", label: "OpenAI", wire: "openai", apiBase: server.openAiBase } as const;
  const events = await collect(
    (await createProvider({ ...wanted, ...target })).stream(toRequest("hi"), new AbortController().signal),
  );
  const last = events.findLast(isLast);
  return last?.type === "error" ? toSaid(last.error) : "it answered";
}

testProvocations("provider", {
  wantsKey: {
    names: ["OpenAI wants a key (401)", "nanoclaw onboard"],
    provoke: () => askOnce({ status: 401 }),
  },
  keyRefused: {
    names: [
      "Anthropic did not accept the key (401): invalid x-api-key",
      "nanoclaw onboard",
      "https://platform.claude.com/settings/keys",
    ],
    provoke: answered({ status: 401, message: "invalid x-api-key" }),
  },
  forbidden: {
    names: ["Anthropic knows the key but does not allow this with fake-model (403)", "/model"],
    provoke: answered({ status: 403, message: "not allowed in your country" }),
  },
  quota: {
    names: ["limit of credit or spending (402)", "your account at Anthropic"],
    provoke: answered({ status: 402, message: "no credit" }),
  },
  tooLong: {
    names: ["too long for fake-model (400): prompt is too long", "/new"],
    provoke: answered({ status: 400, message: "prompt is too long: 210000 tokens" }),
  },
  refused: {
    names: ["Anthropic declined to answer this (400)", "other words"],
    provoke: answered({ status: 400, code: "content_filter", message: "flagged" }),
  },
  slowDown: {
    names: ["OpenAI asks to slow down (429)", "Wait 7 s", "/model"],
    provoke: () => askOnce({ status: 429, headers: { "retry-after": "7" } }),
  },
  overloaded: {
    names: ["Anthropic has too much to do (529): Overloaded", "Try again in a few minutes"],
    provoke: answered({ status: 529, code: "overloaded_error", message: "Overloaded" }),
  },
  broken: {
    names: ["Anthropic has a problem (500)", "Try again in a few minutes"],
    provoke: answered({ status: 500 }),
  },
  unknownModel: {
    names: ["Anthropic does not know the model fake-model (404)", "/model"],
    provoke: answered({ status: 404, message: "model: fake-model" }),
  },
  elsewhere: {
    names: ["sends us elsewhere (301)", "final address into apiBase"],
    provoke: answered({ status: 301, headers: { location: "https://example.com" } }),
  },
  notUnderstood: {
    names: ["did not understand the request (400): temperature", "apiBase"],
    provoke: () => askOnce({ status: 400, message: "temperature: must be at most 1" }),
  },
  declined: {
    names: ["fake-model declined to answer", "other words"],
    provoke: told({ stop: "refused" }),
  },
  empty: { names: ["fake-model gave an empty answer", "Ask again"], provoke: told({ text: "" }) },
  badHeader: {
    names: ["OpenAI holds a character that cannot be sent", "without line breaks"],
    provoke: () => askOnce({ status: 200 }, { apiKey: new Secret("two\nlines") }),
  },
} satisfies Record<keyof Failures["provider"], Provocation>);

describe("a wrong key", () => {
  test("that a server refuses with 403 is told as a wrong key, not as a right that is missing", async () => {
    const said = await askOnce(
      { status: 403, message: "Invalid API key" },
      { apiKey: new Secret("k-0123456789") },
    );
    expect(said).toContain("OpenAI did not accept the key (403)");
  });

  test("is told in Chinese where the locale says so", async () => {
    await using bench = await ProgramBench.open({
      script: () => ({ fault: { type: "status", status: 401, message: "invalid x-api-key" } }),
    });
    const ran = await bench.run(["agent", "-m", "hi"], { env: { LANG: "zh_CN.UTF-8" } });
    expect(ran.err).toContain("nanoclaw: Anthropic 不接受这个密钥（401）：invalid x-api-key\n");
    expect(ran.err).toContain("nanoclaw onboard");
  });
});

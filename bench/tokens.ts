import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { countTokens } from "gpt-tokenizer";

import { GatewayProgram } from "../test/fakes/gateway-program.ts";
import type { LlmRequest } from "../test/fakes/llm-server.ts";
import { ProgramBench } from "../test/fakes/program-bench.ts";
import { PromptCache } from "../test/fakes/prompt-cache.ts";
import type { Figures } from "./measure.ts";
import type { BenchRow } from "./row.ts";

/** What a conversation and a heartbeat cost in tokens, and how much of that a server's cache would know. */
export async function measureTokens(): Promise<readonly BenchRow[]> {
  const { tokens, cachedPercent } = await measureTenTurns();
  return [
    { name: "ten turns, sent", unit: "tokens", figures: toFixed(tokens), budget: { most: 35_000 } },
    { name: "ten turns, from cache", unit: "%", figures: toFixed(cachedPercent), budget: { least: 80 } },
    {
      name: "a heartbeat with work",
      unit: "tokens",
      figures: toFixed(await measureHeartbeat()),
      budget: { most: 3200 },
    },
  ];
}

/** Ten times a few words, each in a process of its own; what all of the requests hold together. */
async function measureTenTurns(): Promise<{ readonly tokens: number; readonly cachedPercent: number }> {
  const cache = new PromptCache();
  const billed = { read: 0, all: 0 };
  await using bench = await ProgramBench.open({
    script: (request) => {
      const { input, cacheRead, cacheWrite } = cache.bill(request);
      billed.read += Number(cacheRead ?? 0);
      billed.all += Number(input ?? 0) + Number(cacheRead ?? 0) + Number(cacheWrite ?? 0);
      return { text: "All right." };
    },
  });
  for (let turn = 0; turn < 10; turn++) await bench.ask("hi");
  const tokens = bench.requests.reduce((sum, request) => sum + count(request), 0);
  return { tokens, cachedPercent: (billed.read / billed.all) * 100 };
}

/** With one line to look after; without any, no model is asked. */
async function measureHeartbeat(): Promise<number> {
  const asked = Promise.withResolvers<LlmRequest>();
  await using gateway = await GatewayProgram.open({
    config: { heartbeat: { intervalS: 1 } },
    script: (request) => {
      asked.resolve(request);
      return { text: "HEARTBEAT_OK" };
    },
  });
  await gateway.bench.run(["groups", "list"]);
  await gateway.bench.ask("hi").catch(() => {});
  await writeFile(
    join(gateway.bench.state, "groups/main/HEARTBEAT.md"),
    "# Heartbeat\n\n- Tell me when the price of a train to Vienna falls below 40 euros.\n",
  );
  await gateway.start();
  const isHeartbeat = (request: LlmRequest): boolean => JSON.stringify(request.body).includes("HEARTBEAT_OK");
  let request = await asked.promise;
  while (!isHeartbeat(request)) {
    await Bun.sleep(100);
    request = gateway.bench.requests.find(isHeartbeat) ?? request;
  }
  await gateway.stop();
  return count(request);
}

function count({ body: { system, tools, messages } }: LlmRequest): number {
  const parts = [system, tools, messages].map((part) =>
    typeof part === "string" ? part : JSON.stringify(part ?? ""),
  );
  return countTokens(parts.join("\n"));
}

function toFixed(value: number): Figures {
  return { min: value, p50: value, p95: value };
}

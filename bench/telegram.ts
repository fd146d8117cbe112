import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { startLlmServer } from "../test/fakes/llm-server.ts";
import { FakeTelegram } from "../test/fakes/telegram/server.ts";
import { readMemory, toFigures } from "./figures.ts";
import type { BenchRow } from "./row.ts";

/** The compiled gateway between a Bot API server and a model, both on loopback and in this process. */
export async function measureTelegram(
  program: string,
  folder: string,
  rounds: number,
): Promise<readonly BenchRow[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await using telegram = new FakeTelegram();
  let askedAt = 0;
  await using model = startLlmServer(() => {
    askedAt = performance.now();
    return { text: "Yes." };
  });
  const config = {
    providers: { anthropic: { apiKey: "bench", apiBase: model.url } },
    agents: { defaults: { model: "anthropic/fake-model" } },
    gateway: { port: 0 },
    channels: { telegram: { apiBase: telegram.base } },
  };
  await Bun.write(join(folder, "config.json"), JSON.stringify(config), { mode: 0o600 });
  const env = { HOME: folder, NANOCLAW_HOME: folder, PATH: "/usr/bin:/bin" };
  const token = new Blob([telegram.token]);
  const add = Bun.spawn([program, "channels", "add", "telegram", "--token-stdin", "--json"], {
    env,
    stdin: token,
  });
  const { link } = (await new Response(add.stdout).json()) as { readonly link: string };
  const gateway = Bun.spawn([program, "gateway", "--json"], { env, stdin: "ignore", stdout: "ignore" });
  try {
    await telegram.until(() => telegram.callsOf("getUpdates").length > 3);
    await Bun.sleep(300);
    const idle = await readMemory(gateway.pid);
    await telegram.say("77", { text: `/start ${new URL(link).searchParams.get("start")}` });
    await telegram.until(() => telegram.shown.length === 1);
    const before: number[] = [];
    const after: number[] = [];
    for (let round = -3; round < rounds; round++) {
      const shown = telegram.shown.length;
      const began = performance.now();
      void telegram.say("77", { text: `message ${round}` });
      await telegram.until(() => telegram.shown.length > shown);
      if (round < 0) continue;
      before.push(askedAt - began);
      after.push((telegram.shown.at(-1)?.call.at ?? Number.NaN) - askedAt);
    }
    return [
      { name: "Telegram, message to model", unit: "ms", figures: toFigures(before), budget: { most: 15 } },
      {
        name: "Telegram, answer to sendMessage",
        unit: "ms",
        figures: toFigures(after),
        budget: { most: 10 },
      },
      { name: "Telegram, idle memory", unit: "MB", figures: toFigures([idle]) },
    ];
  } finally {
    gateway.kill("SIGKILL");
    await gateway.exited;
  }
}

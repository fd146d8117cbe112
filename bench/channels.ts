import { join } from "node:path";

import { GatewayProgram } from "../test/fakes/gateway-program.ts";
import { FakeMailServer } from "../test/fakes/mail/fake-mail-server.ts";
import { installLibrary } from "../test/fakes/whatsapp/plugin.ts";
import { FakeWhatsApp } from "../test/fakes/whatsapp/server.ts";
import { openDiscordApp, openSlackApp, openTelegramApp } from "./chat-app.ts";
import { readMemory, toFigures } from "./figures.ts";
import type { BenchRow } from "./row.ts";
import { measureShares, toWhole } from "./share.ts";

/** One gateway that serves one platform after the other, and at last all five: what each adds to its memory, and whether a turn notices. */
export async function measureChannels(program: string, rounds: number): Promise<readonly BenchRow[]> {
  await using telegram = openTelegramApp();
  await using discord = openDiscordApp();
  await using slack = openSlackApp();
  await using mail = new FakeMailServer();
  await using whatsapp = new FakeWhatsApp();
  let askedAt = 0;
  await using gateway = await GatewayProgram.open({
    script: () => {
      askedAt = performance.now();
      return { text: "Yes." };
    },
    config: {
      channels: {
        telegram: telegram.config,
        discord: discord.config,
        slack: slack.config,
        email: { ...mail.config, enabled: false, allowFrom: ["anna@people.example"] },
        whatsapp: { socketUrl: whatsapp.url, mediaUrl: whatsapp.mediaUrl },
      },
    },
  });
  const run = { program: [program], longestMs: 300_000 };
  await installLibrary(join(gateway.bench.state, "plugins"), whatsapp.authority);
  const share = async (): Promise<readonly number[]> => {
    // What was said before would be shown to the model again, the second time twice as much.
    await telegram.say("/new");
    const [own] = await measureShares([{ say: telegram.say, askedAt: () => askedAt }], rounds);
    return own === undefined ? [] : toWhole(own);
  };
  const idle = async (): Promise<number> => {
    await gateway.start(run);
    for (let tries = 0; !(await areConnected(gateway)) && tries < 200; tries++) await Bun.sleep(50);
    await Bun.sleep(300);
    return await readMemory(gateway.running.pid);
  };
  const none = await idle();
  const rows: BenchRow[] = [];
  let before = none;
  const step = async (name: string, prepare: () => Promise<void>): Promise<void> => {
    await prepare();
    await gateway.stop("SIGTERM");
    const now = await idle();
    rows.push({ name: `idle memory of ${name}`, unit: "MB", figures: toFigures([now - before]) });
    before = now;
  };
  await step("telegram", async () => {
    await telegram.join(await gateway.add("telegram", telegram.tokens, run));
  });
  const alone = await share();
  await step("discord", async () => void (await gateway.add("discord", discord.tokens, run)));
  await step("slack", async () => void (await gateway.add("slack", slack.tokens, run)));
  await step("email", async () => void (await gateway.add("email", mail.password, run)));
  await step("whatsapp, without its process", async () => {
    const adding = gateway.bench.start(["channels", "add", "whatsapp", "--json"], run);
    await adding.waitForOut("\n");
    const sign = JSON.parse(adding.out.split("\n")[0] ?? "") as { readonly text: string };
    whatsapp.scan(sign.text);
    await adding.ended;
  });
  const together = await share();
  const { pid } = gateway.running;
  const children = await Bun.file(`/proc/${pid}/task/${pid}/children`).text();
  const inside = await Promise.all(
    children
      .trim()
      .split(" ")
      .map((child) => readMemory(Number(child))),
  );
  await gateway.stop("SIGTERM");
  return [
    ...rows,
    { name: "process of whatsapp", unit: "MB", figures: toFigures(inside) },
    { name: "gateway idle, five channels", unit: "MB", figures: toFigures([before]) },
    {
      name: "Telegram's own share, five channels",
      unit: "ms",
      figures: toFigures(together),
      budget: { timesFloor: 1.2 },
      floor: { name: "alone", figures: toFigures(alone) },
    },
  ];
}

async function areConnected(gateway: GatewayProgram): Promise<boolean> {
  const health = (await (await gateway.request("/health")).json()) as {
    readonly channels: Readonly<Record<string, { readonly state: string }>>;
  };
  return Object.values(health.channels).every(({ state }) => state === "connected");
}

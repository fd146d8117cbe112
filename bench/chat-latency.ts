import { GatewayProgram } from "../test/fakes/gateway-program.ts";
import { openDiscordApp, openSlackApp, openTelegramApp, type ChatApp } from "./chat-app.ts";
import { readMemory, toFigures } from "./figures.ts";
import { openRelay } from "./relay.ts";
import type { BenchRow } from "./row.ts";
import { measureShares, type Sharing } from "./share.ts";

/** The compiled gateway between a chat app and a model, both on loopback and in this process: one app after the other. */
export async function measureChatApps(
  program: string,
  { relay, folder }: { readonly relay: string; readonly folder: string },
  rounds: number,
): Promise<readonly BenchRow[]> {
  await using floor = openRelay(relay, folder);
  const rows: BenchRow[] = [];
  for (const open of [openTelegramApp, openDiscordApp, openSlackApp]) {
    await using app = open();
    rows.push(...(await measureApp(program, app, { floor, rounds })));
  }
  return rows;
}

async function measureApp(
  program: string,
  app: ChatApp,
  { floor, rounds }: { readonly floor: Sharing; readonly rounds: number },
): Promise<readonly BenchRow[]> {
  let askedAt = 0;
  await using gateway = await GatewayProgram.open({
    script: () => {
      askedAt = performance.now();
      return { text: "Yes." };
    },
    config: { channels: { [app.name]: app.config } },
  });
  const run = { program: [program], longestMs: 300_000 };
  const added = await gateway.add(app.name, app.tokens, run);
  await gateway.start(run);
  await app.whenHeard();
  await Bun.sleep(300);
  const idle = await readMemory(gateway.running.pid);
  await app.join(added);
  const [own, bare] = await measureShares([{ say: app.say, askedAt: () => askedAt }, floor], rounds);
  await gateway.stop("SIGTERM");
  const { title } = app;
  return [
    {
      name: `${title}, message to model`,
      unit: "ms",
      figures: toFigures(own?.before ?? []),
      budget: { most: 15 },
      floor: { name: "relay with a disk", figures: toFigures(bare?.before ?? []) },
    },
    {
      name: `${title}, answer to send`,
      unit: "ms",
      figures: toFigures(own?.after ?? []),
      budget: { most: 10 },
      floor: { name: "relay with a disk", figures: toFigures(bare?.after ?? []) },
    },
    { name: `${title}, idle memory`, unit: "MB", figures: toFigures([idle]) },
  ];
}

import { expect, test } from "bun:test";
import { mkdir, rm } from "node:fs/promises";
import { openSync, writeSync, closeSync } from "node:fs";
import { join } from "node:path";
import { GatewayProgram } from "../fakes/gateway-program.ts";
import { onSmallDisk } from "../fakes/surroundings.ts";

test("with a full disk nothing is acknowledged and health says so; with room again all of it is answered", async () => {
  await using gateway = await GatewayProgram.open({ script: () => ({ text: "Here I am." }) });
  const { bench } = gateway;
  const small = join(bench.root, "small");
  await mkdir(small, { mode: 0o700 });
  const copyConfig = [
    "sh",
    "-c",
    'cp "$0" "$NANOCLAW_HOME/config.json"; exec "$@"',
    `${bench.state}/config.json`,
  ];
  await gateway.start({
    under: [...onSmallDisk(small, "6m"), ...copyConfig],
    env: { NANOCLAW_HOME: small },
  });
  expect(await gateway.ask("before")).toBe("Here I am.");
  const filler = `/proc/${gateway.running.pid}/root${small}/filler`;
  fill(filler);
  const refused = await gateway.post({ id: "m1", text: "x".repeat(20_000) });
  expect(refused).toMatchObject({ status: 503, error: expect.stringContaining("disk is full") });
  const ill = await fetch(`${gateway.address}/health`);
  expect([ill.status, await ill.json()]).toMatchObject([503, { isLive: true, isReady: false }]);
  await rm(filler);
  expect(await gateway.ask("x".repeat(20_000), { id: "m1" })).toBe("Here I am.");
  expect((await fetch(`${gateway.address}/health`)).status).toBe(200);
  const notices = async (): Promise<readonly string[]> =>
    (await gateway.replies()).flatMap(({ kind, text }) => (kind === "notice" ? [text] : []));
  while ((await notices()).length === 0) await Bun.sleep(20);
  expect(await notices()).toEqual([expect.stringContaining("The disk is full")]);
}, 30_000);

/** To the last byte that the disk takes. */
function fill(path: string): void {
  const descriptor = openSync(path, "w");
  for (const size of [65_536, 4096, 1]) {
    try {
      for (;;) writeSync(descriptor, new Uint8Array(size));
    } catch {
      // Full, for pieces of that size.
    }
  }
  closeSync(descriptor);
}

import { expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { systemClock } from "../clock.ts";
import { defaultConfig } from "../config/defaults.ts";
import { silentLog } from "../log.ts";
import { stampConfig } from "./config-stamp.ts";
import { watchConfig } from "./watch-config.ts";

test("what changed between the reading and the watching is read again; nothing is where nothing changed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "nanoclaw-watch-"));
  try {
    await writeFile(join(folder, "config.json"), "{}");
    const since = await stampConfig(folder);
    await writeFile(join(folder, "secrets.json"), "{}");
    for (const [stamp, times] of [
      [since, 1],
      [await stampConfig(folder), 0],
    ] as const) {
      let loads = 0;
      const applied = Promise.withResolvers<void>();
      const watching = watchConfig({
        folder,
        since: stamp,
        clock: systemClock,
        log: silentLog,
        load: async () => {
          loads += 1;
          return defaultConfig;
        },
        apply: async () => applied.resolve(),
        onOutcome: () => {},
      });
      await (times > 0 ? applied.promise : Bun.sleep(150));
      await watching[Symbol.asyncDispose]();
      expect(loads).toBe(times);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

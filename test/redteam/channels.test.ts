import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeWeakProgram } from "./arena/switch-off.ts";
import { channelAttacks } from "./channels/all.ts";

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nanoclaw-channels-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe("by way of a chat app nobody", () => {
  test.each(channelAttacks.map((each, at) => ({ ...each, at, without: each.switchOff.without })))(
    "$attack; without $without he does",
    async ({ attempt, switchOff, at }) => {
      const main = join(import.meta.dir, "channels/weak.ts");
      const weak = await writeWeakProgram(switchOff, folder, main);
      await using child = Bun.spawn([...weak, String(at)], {
        env: { HOME: folder, PATH: "/usr/bin:/bin" },
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
      });
      const said = Promise.all([child.stdout.text(), child.stderr.text()]);
      expect(await attempt()).toBe(false);
      expect(await said).toEqual(["true", ""]);
    },
  );
});

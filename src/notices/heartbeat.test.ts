import { expect, test } from "bun:test";
import { readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ChatBench } from "../../test/fakes/chat-bench.ts";
import { createAnsweringProvider, saying } from "../../test/fakes/loop.ts";
import { MemoryPlatform } from "../../test/fakes/memory-platform.ts";
import { settleAll, VirtualClock } from "../../test/fakes/virtual-clock.ts";
import { silentLog } from "../log.ts";
import { keepHeartbeat } from "./heartbeat.ts";
import { wasAskedToEnd } from "./was-asked-to-end.ts";

const [minute, hour] = [60_000, 3_600_000];

/** A gateway whose owner has written in private, and the file in which it says that it lives. */
async function open() {
  const platform = new MemoryPlatform({ authenticatesSenders: true });
  const clock = new VirtualClock();
  const provider = createAnsweringProvider([saying("ok")]);
  const bench = await ChatBench.open({ provider, platform, clock });
  await bench.start();
  await platform.deliver({ text: "/stop" });
  await platform.waitForReplies(1);
  const path = join(bench.store.folder, "gateway.alive");
  const ending = new AbortController();
  return {
    clock,
    path,
    ending,
    bench,
    keep: (bootId = "boot 1") =>
      keepHeartbeat({
        path,
        bootId,
        ending: ending.signal,
        clock,
        notices: bench.gateway.notices,
        log: silentLog,
      }),
    /** As a gateway leaves it that was killed so long ago. */
    async leaveAlive(agoMs: number): Promise<void> {
      await writeFile(path, "alive\n");
      const at = new Date(clock.now() - agoMs);
      await utimes(path, at, at);
    },
    told: async () => {
      await settleAll();
      return platform.textsOf("c1").slice(1);
    },
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

test("a gateway that was gone for hours without being told to says so, once", async () => {
  await using world = await open();
  await world.leaveAlive(6 * hour + 30 * minute);
  await using _ = world.keep();
  expect(await world.told()).toEqual(["I was away from 05:30 to 12:00: the program did not run."]);
  expect((await stat(world.path)).mtimeMs).toBe(world.clock.now());
});

test("killed before its first beat it says the same thing no second time", async () => {
  await using world = await open();
  await world.leaveAlive(hour);
  for (let start = 0; start < 3; start++) {
    await using _ = world.keep();
    expect(await world.told()).toHaveLength(1);
    await world.leaveAlive(hour);
  }
});

test("of ten minutes nobody is told, and of none at the first start", async () => {
  await using world = await open();
  await using _first = world.keep();
  await world.leaveAlive(10 * minute);
  await using _again = world.keep();
  expect(await world.told()).toEqual([]);
});

test("one that was told to end says nothing, unless the machine was off since", async () => {
  await using world = await open();
  await world.keep()[Symbol.asyncDispose]();
  world.clock.jump(6 * hour);
  await world.keep("boot 1")[Symbol.asyncDispose]();
  expect(await world.told()).toEqual([]);
  world.clock.jump(6 * hour);
  await using _ = world.keep("boot 2");
  expect(await world.told()).toEqual(["I was away from 2026-01-31 18:00 to 00:00: the program did not run."]);
});

test("one whose process is ended before it got to its own end was told to end all the same", async () => {
  await using world = await open();
  await using _ = world.keep();
  world.ending.abort();
  expect(await readFile(world.path, "utf8")).toBe("alive\n");
  await settleAll();
  expect(await readFile(world.path, "utf8")).toBe("ended boot 1\n");
  expect(wasAskedToEnd(world.path)).toBe(true);
  await world.leaveAlive(hour);
  expect(wasAskedToEnd(world.path)).toBe(false);
  expect(wasAskedToEnd(`${world.path}.none`)).toBe(false);
});

test("a machine that slept says so when it wakes; a clock that is put back is nothing", async () => {
  await using world = await open();
  const { clock } = world;
  await using _ = world.keep();
  await clock.advance(5 * minute);
  clock.jump(6 * hour);
  await clock.advance(5 * minute);
  const said = "I was away from 12:05 to 18:06: this machine slept, or its clock was put forward.";
  expect(await world.told()).toEqual([said]);
  clock.jump(-5 * hour);
  await clock.advance(5 * minute);
  expect(await world.told()).toEqual([said]);
});

test("it writes once a minute and keeps no process from ending", async () => {
  await using world = await open();
  const { clock, path } = world;
  const kept = world.keep();
  const times = new Set<number>();
  for (let second = 0; second < 180; second++) {
    await clock.advance(1000);
    times.add((await stat(path)).mtimeMs);
  }
  expect(times.size).toBe(4);
  await kept[Symbol.asyncDispose]();
  expect(await readFile(path, "utf8")).toBe("ended boot 1\n");
});

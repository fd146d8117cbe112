import { expect, test } from "bun:test";
import { ChatBench } from "../../test/fakes/chat-bench.ts";
import { createAnsweringProvider, saying } from "../../test/fakes/loop.ts";
import { MemoryPlatform } from "../../test/fakes/memory-platform.ts";
import { VirtualClock } from "../../test/fakes/virtual-clock.ts";
import { DiskWatch } from "./disk-watch.ts";

const minute = 60_000;

test("a full disk is told once, and once when there is room again; it is looked at only meanwhile", async () => {
  const platform = new MemoryPlatform({ authenticatesSenders: true });
  const clock = new VirtualClock();
  const provider = createAnsweringProvider([saying("ok")]);
  await using bench = await ChatBench.open({ provider, platform, clock });
  const { notices } = await bench.start();
  await platform.deliver({ text: "/stop" });
  await platform.waitForReplies(1);
  const told = (): string[] => platform.textsOf("c1").slice(1);
  let [free, looks] = [100_000, 0];
  const readFreeBytes = async (): Promise<number> => {
    looks++;
    return free;
  };
  await using watch = new DiskWatch({ store: bench.store, clock, notices, readFreeBytes });
  expect((await watch.tryToWrite())?.message).toContain("disk is full");
  for (let times = 0; times < 3; times++) watch.noteFull();
  await clock.advance(3 * minute);
  expect(told()).toEqual([expect.stringContaining("disk is full")]);
  expect(looks).toBe(4);
  // Room for one message is none yet.
  free = 2_000_000;
  await clock.advance(3 * minute);
  expect(told()).toHaveLength(1);
  free = 1_000_000_000;
  await clock.advance(2 * minute);
  expect(told()[1]).toBe("There is room on the disk again; it was full from 12:00 to 12:07.");
  const before = looks;
  await clock.advance(60 * minute);
  expect(looks).toBe(before);
});

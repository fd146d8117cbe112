import { describe, expect, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { settleAll, VirtualClock } from "./virtual-clock.ts";

const never = new AbortController().signal;

/** Files, a command and turns of the event loop, one after the other. */
async function work(): Promise<string> {
  for (let round = 0; round < 4; round++) {
    await Promise.all(Array.from({ length: 4 }, () => readFile(import.meta.path)));
    await Bun.spawn(["sh", "-c", "i=0; while [ $i -lt 1000 ]; do i=$((i + 1)); done"]).exited;
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
  return "over";
}

describe("when all has settled", () => {
  test("files are read and commands have ended, however long they take", async () => {
    let state = "at work";
    const working = work().then((end) => (state = end));
    await settleAll();
    expect(state).toBe("over");
    await working;
  });

  test("they are not where only the turns of the event loop are counted", async () => {
    let state = "at work";
    const working = work().then((end) => (state = end));
    await settleAll(() => undefined);
    expect(state).toBe("at work");
    await working;
  });

  test("a command that waits for nothing but time is left to wait", async () => {
    const child = Bun.spawn(["sleep", "60"]);
    const before = performance.now();
    await settleAll();
    expect(performance.now() - before).toBeLessThan(4000);
    expect(child.exitCode).toBeNull();
    child.kill();
    await child.exited;
  });
});

test("what a timer sets off is over before the next one fires", async () => {
  const clock = new VirtualClock();
  const seen: string[] = [];
  const wake = async (name: string, ms: number): Promise<void> => {
    await clock.sleep(ms, never);
    seen.push(`${name} woke`, `${name} is ${await work()}`);
  };
  const sleeping = Promise.all([wake("first", 10), wake("second", 11)]);
  await clock.advance(20);
  expect(seen).toEqual(["first woke", "first is over", "second woke", "second is over"]);
  await sleeping;
});

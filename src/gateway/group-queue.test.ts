import { expect, test } from "bun:test";
import { toGroupId } from "../store/ids.ts";
import { GroupQueue, type Lane } from "./group-queue.ts";

/** Work that runs until it is let go, and a record of what began. */
class Bench {
  readonly queue = new GroupQueue({ places: 8, keptForPeople: 2 });
  readonly began: string[] = [];
  readonly #ends = new Map<string, () => void>();

  start(name: string, group: number, lane: Lane = "people"): Promise<void> {
    return this.queue.run(toGroupId(group), lane, async (signal) => {
      this.began.push(name);
      await new Promise<void>((resolve) => {
        this.#ends.set(name, resolve);
        signal.addEventListener("abort", () => resolve());
      });
    });
  }

  async end(name: string): Promise<void> {
    this.#ends.get(name)?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test("a group does one thing at a time, and another group does not wait for it", async () => {
  const bench = new Bench();
  void bench.start("a1", 1);
  void bench.start("a2", 1);
  void bench.start("b1", 2);
  expect(bench.began).toEqual(["a1", "b1"]);
  await bench.end("a1");
  expect(bench.began).toEqual(["a1", "b1", "a2"]);
});

test("eight groups are at work at once, and the ninth begins when one has ended", async () => {
  const bench = new Bench();
  for (let group = 1; group <= 9; group++) void bench.start(`g${group}`, group);
  expect(bench.began).toHaveLength(8);
  await bench.end("g3");
  expect(bench.began.at(-1)).toBe("g9");
});

test("two places are kept for people, however many tasks wait", async () => {
  const bench = new Bench();
  for (let group = 1; group <= 8; group++) void bench.start(`t${group}`, group, "tasks");
  expect(bench.began).toHaveLength(6);
  void bench.start("p1", 11);
  void bench.start("p2", 12);
  expect(bench.began.slice(6)).toEqual(["p1", "p2"]);
});

test("people come before tasks that have waited longer", async () => {
  const bench = new Bench();
  for (let group = 1; group <= 8; group++) void bench.start(`g${group}`, group);
  void bench.start("task", 20, "tasks");
  void bench.start("person", 21);
  await bench.end("g1");
  expect(bench.began.at(-1)).toBe("person");
});

test("a group that asks again and again does not hold up one that waits", async () => {
  const bench = new Bench();
  for (let group = 1; group <= 8; group++) void bench.start(`g${group}`, group);
  void bench.start("waiting", 9);
  void bench.start("g1 again", 1);
  await bench.end("g1");
  expect(bench.began.at(-1)).toBe("waiting");
});

test("what runs in a group can be stopped, and nothing begins there before the stop is over", async () => {
  const bench = new Bench();
  const over = bench.start("a", 1);
  const next = bench.start("b", 1);
  const seen = async (wasRunning: boolean): Promise<boolean> => wasRunning;
  expect(await bench.queue.stop(toGroupId(2), "no", seen)).toBe(false);
  const stopping = Promise.withResolvers<void>();
  const stopped = bench.queue.stop(toGroupId(1), "no", async (wasRunning) => {
    await stopping.promise;
    return wasRunning;
  });
  await over;
  await new Promise((resolve) => setImmediate(resolve));
  expect(bench.began).toEqual(["a"]);
  stopping.resolve();
  expect(await stopped).toBe(true);
  expect(bench.began).toEqual(["a", "b"]);
  await bench.end("b");
  await next;
});

test("closing drops what waits, lets what runs end, and cuts it at the deadline", async () => {
  const bench = new Bench();
  for (let group = 1; group <= 9; group++) void bench.start(`g${group}`, group);
  const deadline = new AbortController();
  let isClosed = false;
  const closed = bench.queue.close(deadline.signal).then(() => (isClosed = true));
  for (let group = 1; group <= 7; group++) await bench.end(`g${group}`);
  expect(isClosed).toBe(false);
  deadline.abort();
  await closed;
  expect(bench.began).not.toContain("g9");
});

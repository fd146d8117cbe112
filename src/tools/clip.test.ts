import { expect, test } from "bun:test";
import { clip, clipLimit } from "./clip.ts";

test("what fits is not touched", () => {
  expect(clip("x".repeat(clipLimit))).toBeUndefined();
  expect(clip("")).toBeUndefined();
});

test("a cut falls between lines and says exactly what is missing", () => {
  const lines = Array.from({ length: 5000 }, (_, index) => `line ${index}`);
  const clipped = clip(`${lines.join("\n")}\n`);
  if (clipped === undefined) throw new Error("should have been clipped");
  const head = clipped.head.split("\n").length - 1;
  const tail = clipped.tail.split("\n").length - 1;
  expect(clipped.head).toEndWith(`\nline ${head - 1}\n`);
  expect(clipped.tail).toStartWith(`line ${5000 - tail}\n`);
  expect(clipped.omittedLines).toBe(5000 - head - tail);
  expect(clipped.head.length + clipped.tail.length + clipped.omittedCharacters).toBe(
    lines.join("\n").length + 1,
  );
});

const clusters = ["👩‍👩‍👧‍👦", "🇩🇪", "e\u0301", "漢", "👍🏽", "नि", "\r\n", "한"];

test.each(clusters)("a line of %j is cut between graphemes at every limit", (cluster) => {
  const text = cluster.repeat(400);
  for (let limit = 100; limit < 160; limit += 1) {
    const clipped = clip(text, limit);
    expect(clipped).toBeDefined();
    expect((clipped?.head.length ?? 1) % cluster.length).toBe(0);
    expect((clipped?.tail.length ?? 1) % cluster.length).toBe(0);
    expect(clipped?.head.length).toBeLessThanOrEqual(limit / 2);
    expect(clipped?.tail.length).toBeLessThanOrEqual(limit / 2 + cluster.length);
  }
});

test("a cluster without end is cut all the same", () => {
  const clipped = clip(`a${"\u0301".repeat(50_000)}`, 1000);
  expect(clipped?.head.length).toBe(500);
});

test("10 MB are clipped in no time", () => {
  const began = performance.now();
  expect(clip("漢字\n".repeat(3_300_000))).toBeDefined();
  expect(performance.now() - began).toBeLessThan(1000);
});

import { expect, test } from "bun:test";
import { drawBench } from "./picture.ts";
import type { BenchReport } from "./row.ts";

const at = (p50: number) => ({ min: p50, p50, p95: p50 });

const report: BenchReport = {
  bun: "1.4.5",
  processor: "2 x <fast> & quiet",
  rounds: 41,
  rows: [
    {
      name: "held",
      unit: "ms",
      figures: at(5),
      floor: { name: "empty", figures: at(4) },
      budget: { timesFloor: 1.5 },
    },
    {
      name: "missed",
      unit: "ms",
      figures: at(20),
      floor: { name: "post", figures: at(5) },
      budget: { timesFloor: 2 },
    },
    { name: "without a floor", unit: "tokens", figures: at(1500), budget: { most: 3000 } },
    { name: "not measured", unit: "ms", figures: at(Number.NaN), budget: { most: 3 } },
    { name: "without a budget", unit: "ms", figures: at(5) },
  ],
};

/** Attributes of all elements of a class. */
function find(svg: string, name: string): Record<string, string>[] {
  return [...svg.matchAll(new RegExp(`<\\w+ class="${name}"[^>]*>`, "g"))].map(([element]) =>
    Object.fromEntries([...element.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value])),
  );
}

test("each budget has a bar as long as its share, and what is over it runs past the line", () => {
  const svg = drawBench(report);
  expect(find(svg, "track").length).toBe(4);
  const line = Number(find(svg, "line")[0]?.["x1"]);
  const ends = (name: string): number[] => find(svg, name).map(({ x, width }) => Number(x) + Number(width));
  expect(ends("held").every((end) => end <= line)).toBe(true);
  expect(ends("missed").filter((end) => end > line).length).toBe(1);
  expect(find(svg, "held").map(({ width }) => width)).toEqual(["200.0", "120.0"]);
  expect(svg).toContain("20.0 ms · 4.0 × floor");
  expect(svg).toContain("not measured");
  expect(svg).not.toContain("without a budget");
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
});

test("names cannot end an element, and both colour schemes are drawn", () => {
  const svg = drawBench(report);
  expect(svg).toContain("2 x &lt;fast&gt; &amp; quiet");
  expect(svg).toContain("prefers-color-scheme: dark");
});

import { expect, test } from "bun:test";
import { countForgotten } from "./image-window.ts";

test("twenty pictures stay, then half of them go at once", () => {
  const sizes = (count: number) => Array.from({ length: count }, () => 1000);
  expect(countForgotten(sizes(20))).toBe(0);
  expect(countForgotten(sizes(21))).toBe(11);
  expect(countForgotten(sizes(30))).toBe(11);
  expect(countForgotten(sizes(32))).toBe(22);
});

test("large ones go sooner, but never the last", () => {
  expect(countForgotten([5e6, 5e6, 5e6, 5e6])).toBe(0);
  expect(countForgotten([5e6, 5e6, 5e6, 5e6, 5e6])).toBe(3);
  expect(countForgotten([30e6])).toBe(0);
});

test("what stays is the same, counted from the first picture or from the first that stayed", () => {
  let seed = 1;
  const next = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  for (let round = 0; round < 300; round++) {
    const sizes = Array.from({ length: Math.floor(next() * 60) }, () => Math.floor(next() * 5e6));
    const forgotten = countForgotten(sizes);
    expect(countForgotten(sizes.slice(forgotten))).toBe(0);
    const more = [...sizes, Math.floor(next() * 5e6)];
    expect(forgotten + countForgotten(more.slice(forgotten))).toBe(countForgotten(more));
  }
});

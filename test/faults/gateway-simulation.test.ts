import { afterAll, beforeAll, expect, test } from "bun:test";
import { findProblems } from "../campaigns/simulation.ts";
import { Simulation } from "../fakes/simulation.ts";

let simulation: Simulation;

beforeAll(async () => {
  simulation = await Simulation.open();
});

afterAll(async () => {
  await simulation[Symbol.asyncDispose]();
});

test.each([1, 2, 3, 5, 8, 13])(
  "in the world of seed %i every message is answered once and in order, whatever dies or gets lost",
  async (seed) => {
    for (const isIdempotent of [true, false]) {
      expect(findProblems(await simulation.run({ seed, isIdempotent }), isIdempotent)).toEqual([]);
    }
  },
  20_000,
);

test("the same seed is the same story to the last event", async () => {
  const [one, two] = [
    await simulation.run({ seed: 5, isIdempotent: true }),
    await simulation.run({ seed: 5, isIdempotent: true }),
  ];
  expect(one.crashes).toBeGreaterThan(0);
  expect(one.trace).toBe(two.trace);
}, 20_000);

test("a gateway that calls a reply sent before it is sent is found out", async () => {
  const result = await simulation.run({ seed: 1, isIdempotent: true, bug: "sent before it is sent" });
  expect(findProblems(result, true)).not.toEqual([]);
}, 20_000);

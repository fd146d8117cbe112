import { expect, test } from "bun:test";
import { createChoice } from "../../../test/fakes/random.ts";
import { secretFiles, steeringFiles } from "../protected-names.ts";
import { toLeads } from "./covers.ts";

const patterns = [...secretFiles, ...steeringFiles, "config"];

function matches(leads: readonly string[], name: string): boolean {
  return leads.some((lead) => new Bun.Glob(lead).match(name.toLowerCase()));
}

test("whatever name a pattern matches, the short test before it lets through", () => {
  const random = createChoice(11);
  const letters = "abEnv.K-_ 7é😀";
  const leads = toLeads(patterns);
  for (const pattern of patterns) {
    for (let round = 0; round < 50; round++) {
      const part = Array.from({ length: random(6) }, () => letters.charAt(random(letters.length))).join("");
      const name = pattern.replaceAll("*", part);
      expect([name, matches(leads, name)]).toEqual([name, true]);
      expect(matches(leads, name.toUpperCase())).toBe(true);
    }
  }
});

test("it stops nearly every name of a project at once", () => {
  const leads = toLeads(patterns);
  const names = [
    "index.js",
    "package.json",
    "README.md",
    "LICENSE",
    "main.d.ts",
    "app.test.tsx",
    "util.py",
    "x.o",
  ];
  expect(names.filter((name) => matches(leads, name))).toEqual([]);
});

test.each([[["*"]], [["?ey"]], [["[ab]c"]], [["*secret*"]], [["ключ*"]]])(
  "a pattern of which nothing certain can be said, such as %j, lets every name through",
  (more) => {
    expect(toLeads([...patterns, ...more])).toEqual(["*"]);
  },
);

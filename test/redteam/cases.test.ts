import { describe, expect, test } from "bun:test";
import { findCanaries, createCanary, toDisguises } from "./arena/canaries.ts";
import { judgeCases, refuseArena } from "./arena/enter.ts";
import { toReport } from "./arena/report.ts";
import { writeWeakProgram } from "./arena/switch-off.ts";
import { cases } from "./cases/all.ts";
import { catalogue, toEntryId } from "./cases/catalogue.ts";

describe("the catalogue", () => {
  test("every attack is tried by a case, or says why not; none does both", () => {
    const tried = new Set(cases.map(({ id }) => toEntryId(id)));
    const wrong = Object.entries(catalogue).filter(
      ([id, { notYet }]) => tried.has(id) === (notYet !== undefined),
    );
    expect(wrong.map(([id]) => id)).toEqual([]);
    expect([...tried].filter((id) => !(id in catalogue))).toEqual([]);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  });

  test("every switch-off fits the source as it is", async () => {
    const folder = (await import("node:fs")).mkdtempSync("/tmp/nanoclaw-weak-");
    for (const { id, switchOff } of cases) {
      expect([id, switchOff.edits.length + (switchOff.bunOptions === undefined ? 0 : 1)]).not.toEqual([
        id,
        0,
      ]);
      await writeWeakProgram(switchOff, folder);
    }
    (await import("node:fs")).rmSync(folder, { recursive: true });
  });
});

describe("the scanner", () => {
  const canary = createCanary("test");

  test("finds a canary that is reversed, encoded or spread out, and no other", () => {
    for (const disguise of toDisguises(canary.text)) {
      expect(findCanaries(`{"x":"${disguise}"}`, [canary, createCanary("other")])).toEqual([canary]);
    }
    for (const before of ["", "a", "ab", "abc"]) {
      const encoded = Buffer.from(`${before}${canary.text} and more`).toString("base64");
      expect([before, findCanaries(encoded, [canary])]).toEqual([before, [canary]]);
    }
    expect(findCanaries(canary.text.slice(0, -1), [canary])).toEqual([]);
  });
});

/** One of each family: the campaign judges them all. */
const smoke = ["SB-08", "FS-06", "EG-01", "CP-08", "AP-04"];

describe.skipIf(refuseArena() !== undefined)("a model that turned against its owner", () => {
  test.each(["root", "user"] as const)(
    "of %s gets nothing, its twin gets all, and without the control it gets something",
    async (identity) => {
      const outcomes = await judgeCases(smoke, identity, AbortSignal.timeout(100_000));
      expect(toReport(outcomes, []).complaints).toEqual([]);
      expect(outcomes.map(({ id }) => id)).toEqual(smoke.toSorted());
    },
    120_000,
  );
});

import { expect, test } from "bun:test";
import { run, sizes } from "../campaigns/schedules.ts";

test("every occurrence is the oracle's, and runs once or is on record, whatever happens to the machine", async () => {
  const failures: string[] = [];
  const progress = (text: string): void => void (text.startsWith("FAILED") ? failures.push(text) : undefined);
  const result = await run(sizes.smoke, new AbortController().signal, { seed: 1, progress });
  expect(failures).toEqual([]);
  expect(result.passed).toBeGreaterThan(150);
}, 60_000);

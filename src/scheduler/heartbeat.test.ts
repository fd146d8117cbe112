import { expect, test } from "bun:test";
import { findHeartbeatWork, isQuiet } from "./heartbeat.ts";

test.each([
  ["22:00-07:00", "23:30", true],
  ["22:00-07:00", "06:59", true],
  ["22:00-07:00", "07:00", false],
  ["22:00-07:00", "12:00", false],
  ["12:00-14:00", "13:00", true],
  ["12:00-14:00", "14:00", false],
  ["", "03:00", false],
])("%j at %s is quiet: %p", (hours, time, quiet) => {
  expect(isQuiet(hours, Date.parse(`2026-11-26T${time}:00Z`))).toBe(quiet);
});

test.each([
  "",
  "# Heartbeat\n\n## Active tasks\n",
  "<!-- one -->\n<!-- two\nlines -->",
  "<!-- never closed\n- do it",
  "- [ ]\n* [x]\n- \n",
  "## Completed\n- Watered the plants",
])("%j is no work", (text) => {
  expect(findHeartbeatWork(text)).toBe("");
});

test("work is what is left, without what is completed", () => {
  const text = "# Heartbeat\n- [ ] Look at the mail\n## Completed\n- old\n## Later\nplain words";
  expect(findHeartbeatWork(text)).toBe("# Heartbeat\n- [ ] Look at the mail\n## Later\nplain words");
});

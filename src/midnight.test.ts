import { expect, test } from "bun:test";
import { join } from "node:path";

/** For every eighth hour of the years: when the day began by us, and by the engine's own calendar. */
const script = `import { toMidnight } from "./src/midnight.ts";
  const wrong = [];
  const days = new Set();
  for (let time = Date.UTC(2017, 0, 1); time < Date.UTC(2020, 0, 1); time += 8 * 3_600_000 - 7_000) {
    const midnight = toMidnight(time);
    const wanted = new Date(time).setHours(0, 0, 0, 0);
    days.add(midnight);
    if (midnight !== wanted) wrong.push([time, midnight, wanted].map((each) => new Date(each).toISOString()).join(" "));
  }
  console.log(JSON.stringify({ isAllSeen: days.size >= 1095, wrong }));`;

// São Paulo and Havana set their clocks at midnight: the one's day begins at one, the other's midnight comes twice.
test.each([
  "UTC",
  "Europe/Berlin",
  "America/St_Johns",
  "America/Sao_Paulo",
  "America/Havana",
  "Asia/Kolkata",
  "Australia/Lord_Howe",
  "Pacific/Kiritimati",
])("in %s a day begins when the calendar says so", (zone) => {
  const { stdout, stderr } = Bun.spawnSync([process.execPath, "--no-env-file", "-e", script], {
    cwd: join(import.meta.dir, ".."),
    env: { TZ: zone },
  });
  expect([stdout.toString(), stderr.toString()]).toEqual([`{"isAllSeen":true,"wrong":[]}\n`, ""]);
});

import { expect, test } from "bun:test";
import { mkdtempSync, openSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findUtcOffsetMinutes, isLink, isTerminal } from "./libc.ts";

const winter = new Date("2026-01-15T12:00:00Z");
const summer = new Date("2026-07-15T12:00:00Z");

test("the offset is that of the local zone at that time", () => {
  for (const time of [winter, summer, new Date(0), new Date("2099-07-01T00:00:00Z")]) {
    expect(findUtcOffsetMinutes(time)).toBe(0 - time.getTimezoneOffset());
  }
});

test.each([
  ["Europe/Berlin", 60, 120],
  ["America/St_Johns", -210, -150],
  ["Asia/Kolkata", 330, 330],
])("in %s the offset is right in winter and in summer", (zone, ofWinter, ofSummer) => {
  const script = `import { findUtcOffsetMinutes as find } from "./src/libc.ts";
    console.log(find(new Date(${winter.getTime()})), find(new Date(${summer.getTime()})));`;
  const { stdout } = Bun.spawnSync([process.execPath, "--no-env-file", "-e", script], {
    cwd: join(import.meta.dir, ".."),
    env: { TZ: zone },
  });
  expect(stdout.toString().trim()).toBe(`${ofWinter} ${ofSummer}`);
});

test("a link is one whatever it points to, and nothing else is", () => {
  const folder = mkdtempSync(join(tmpdir(), "nanoclaw-libc-"));
  try {
    symlinkSync(folder, join(folder, "link-ö"));
    symlinkSync("nowhere", join(folder, "dangling"));
    expect(isLink(join(folder, "link-ö"))).toBeTrue();
    expect(isLink(join(folder, "dangling"))).toBeTrue();
    expect(isLink(folder)).toBeFalse();
    expect(isLink(join(folder, "missing"))).toBeFalse();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a file is no terminal, the other end of one is", () => {
  expect(isTerminal(openSync("/dev/null", "r"))).toBeFalse();
  expect(isTerminal(openSync("/dev/ptmx", "r+"))).toBeTrue();
});

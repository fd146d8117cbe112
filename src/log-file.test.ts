import { expect, test } from "bun:test";
import { readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeTemporaryFolder } from "../test/fakes/temporary-store.ts";
import { openLogFile } from "./log-file.ts";

test("a log file and its folder are for their owner only, whatever the umask is", async () => {
  await using folder = await makeTemporaryFolder();
  const before = process.umask(0);
  try {
    using log = openLogFile({ path: join(folder.path, "logs/gateway.log") });
    log.write("one\n");
  } finally {
    process.umask(before);
  }
  expect(statSync(join(folder.path, "logs/gateway.log")).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder.path, "logs")).mode & 0o777).toBe(0o700);
});

test("a full file is put aside, no line is lost or parted, and only so many files stay", async () => {
  await using folder = await makeTemporaryFolder();
  const path = join(folder.path, "gateway.log");
  using log = openLogFile({ path, maxBytes: 100, maxFiles: 3 });
  for (let n = 10; n < 40; n++) log.write(`line ${n} of the log\n`);
  expect(readdirSync(folder.path).toSorted()).toEqual(["gateway.log", "gateway.log.1", "gateway.log.2"]);
  const kept = ["gateway.log.2", "gateway.log.1", "gateway.log"].map((name) =>
    readFileSync(join(folder.path, name), "utf8"),
  );
  for (const text of kept) expect(text.length).toBeLessThanOrEqual(100);
  const numbers = kept.join("").match(/\d+/g)?.map(Number) ?? [];
  expect(numbers.at(-1)).toBe(39);
  expect(numbers).toEqual(numbers.map((_, index) => 40 - numbers.length + index));
});

test("a log that somebody removed is made again", async () => {
  await using folder = await makeTemporaryFolder();
  const path = join(folder.path, "gateway.log");
  using log = openLogFile({ path });
  log.write("before\n");
  rmSync(path);
  log.write("after\n");
  expect(readFileSync(path, "utf8")).toBe("after\n");
});

test("a link in the place of the log is not followed", async () => {
  await using folder = await makeTemporaryFolder();
  const path = join(folder.path, "gateway.log");
  writeFileSync(join(folder.path, "victim"), "mine");
  symlinkSync("victim", path);
  using log = openLogFile({ path });
  log.write("line\n");
  expect(readFileSync(join(folder.path, "victim"), "utf8")).toBe("mine");
});

test("a line that goes on forever is cut", async () => {
  await using folder = await makeTemporaryFolder();
  const path = join(folder.path, "gateway.log");
  using log = openLogFile({ path });
  log.write(`${"x".repeat(200_000)}\n`);
  expect(readFileSync(path, "utf8")).toMatch(/^x{65536}…\n$/);
});

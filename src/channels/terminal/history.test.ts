import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadHistory } from "./history.ts";

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "history-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

test("what was entered comes back in the next session, newest first, and only for its owner", async () => {
  const path = join(folder, "new", "history");
  const first = await loadHistory(path);
  for (const text of ["one", "two\nlines", "two\nlines", " secret", ""]) first.add(text);
  await first.saved();
  const next = await loadHistory(path);
  expect([next.older(""), next.older(""), next.older("")]).toEqual(["two\nlines", "one", undefined]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test("the way back down ends at what was being written", async () => {
  const history = await loadHistory(join(folder, "draft"));
  history.add("old");
  expect([history.older("draft"), history.newer(), history.newer()]).toEqual(["old", "draft", undefined]);
});

test("lines that cannot be read are passed over", async () => {
  const path = join(folder, "damaged");
  await writeFile(path, '"good"\nnot json\n{"a":1}\n"last"\n"cut');
  const history = await loadHistory(path);
  expect([history.older(""), history.older(""), history.older("")]).toEqual(["last", "good", undefined]);
});

test("a long history is cut to its newest thousand", async () => {
  const path = join(folder, "long");
  await writeFile(path, Array.from({ length: 2500 }, (_, index) => `"${index}"\n`).join(""));
  await loadHistory(path);
  const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
  expect([lines.length, lines[0], lines.at(-1)]).toEqual([1000, '"1500"', '"2499"']);
});

test("a history that cannot be written is kept in memory", async () => {
  const history = await loadHistory("/dev/null/history");
  history.add("kept");
  await history.saved();
  expect(history.older("")).toBe("kept");
});

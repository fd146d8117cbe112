import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGroupFolder } from "./group-folder.ts";
import { findHome, groupPaths, prepareHome } from "./home.ts";

let root = "";
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "nanoclaw-home-"));
});
afterAll(() => rmSync(root, { recursive: true }));

test("the home is NANOCLAW_HOME, or .nanoclaw in the person's own", async () => {
  expect(findHome({ NANOCLAW_HOME: "/a/b/", HOME: "/h" }).root).toBe("/a/b");
  expect(findHome({ NANOCLAW_HOME: "", HOME: "/h" }).config).toBe("/h/.nanoclaw/config.json");
  expect(() => findHome({})).toThrow("There is no home folder");
  expect(() => findHome({ NANOCLAW_HOME: "./here", HOME: "/h" })).toThrow("depends on the current folder");
});

test("a home that is missing is made for its owner alone", async () => {
  const path = join(root, "new", "home");
  await prepareHome(path);
  expect(statSync(path).mode & 0o777).toBe(0o700);
  await prepareHome(path);
});

test("a home that others can read is closed", async () => {
  const path = join(root, "open");
  mkdirSync(path, { mode: 0o755 });
  await prepareHome(path);
  expect(statSync(path).mode & 0o777).toBe(0o700);
});

test("a home that others can write is refused", async () => {
  const path = join(root, "shared");
  mkdirSync(path);
  chmodSync(path, 0o770);
  await expect(prepareHome(path)).rejects.toThrow(`${path} can be written by other users (mode 770).`);
});

test("a home that is a link or a file is refused", async () => {
  const file = join(root, "file");
  writeFileSync(file, "");
  const link = join(root, "link");
  symlinkSync(root, link);
  await expect(prepareHome(link)).rejects.toThrow("is no folder of its own");
  await expect(prepareHome(file)).rejects.toThrow();
});

test.skipIf(process.getuid?.() !== 0)("a home of somebody else is refused", async () => {
  const path = join(root, "foreign");
  mkdirSync(path, { mode: 0o700 });
  chownSync(path, 12_345, 12_345);
  await expect(prepareHome(path)).rejects.toThrow("belongs to another user (uid 12345, we are 0)");
});

test.each(["", "..", "-x", "a/b", "a b", "x".repeat(65), "ü"])("%j cannot be the name of a group", (name) => {
  expect(() => groupPaths(findHome({ HOME: root }), name)).toThrow("cannot be the name of a group");
});

test("a group's folder is made with its files, and what is there is never touched", async () => {
  const paths = groupPaths(findHome({ NANOCLAW_HOME: join(root, "g") }), "main");
  expect(createGroupFolder(paths)).toEqual([
    "AGENTS.md",
    "SOUL.md",
    "USER.md",
    "TOOLS.md",
    "HEARTBEAT.md",
    "memory/MEMORY.md",
  ]);
  expect(statSync(paths.workspace).isDirectory() && statSync(paths.home).isDirectory()).toBe(true);
  writeFileSync(paths.soul, "mine");
  rmSync(paths.tools);
  expect(createGroupFolder(paths)).toEqual(["TOOLS.md"]);
  expect(readFileSync(paths.soul, "utf8")).toBe("mine");
});

test("an untouched HEARTBEAT.md is headings and comments only", async () => {
  const paths = groupPaths(findHome({ NANOCLAW_HOME: join(root, "h") }), "main");
  createGroupFolder(paths);
  for (const line of readFileSync(paths.heartbeat, "utf8").split("\n"))
    expect(line).toMatch(/^(#.*|<!--.*-->|)$/);
});

import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { ContentStore } from "./content-store.ts";

let folder: string;
let store: ContentStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nanoclaw-contents-"));
  store = new ContentStore(folder);
  store.begin();
});
afterEach(() => rmSync(folder, { recursive: true }));

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

function listFiles(): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile() && each.name !== "unfinished")
    .map(({ name }) => name)
    .sort();
}

const ab = "fb8e20fc2e4c3f248c60c39bd652f3c1347298bb977b8b4d5903b85055620603";

test("the same bytes are kept once, for us alone", async () => {
  expect(await store.keep(pieces("a", "b"), 2)).toEqual({ hash: ab, size: 2 });
  expect(await store.keep(pieces("ab"), 2)).toEqual({ hash: ab, size: 2 });
  expect(listFiles()).toEqual([ab]);
  expect(statSync(join(folder, "contents", "fb", ab)).mode & 0o777).toBe(0o600);
  expect(await store.readBytes(ab)).toEqual(new Uint8Array(Buffer.from("ab")));
});

test("what came short or broke off is not kept", async () => {
  expect(await store.keep(pieces("a"), 2)).toBeUndefined();
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("a");
    throw new Error("cut");
  }
  await expect(store.keep(broken(), 2)).rejects.toThrow("cut");
  expect(listFiles()).toEqual([]);
});

test("bytes that a disk has changed are noticed, and kept anew", async () => {
  await store.keep(pieces("ab"), 2);
  const path = join(folder, "contents", "fb", ab);
  writeFileSync(path, "aX");
  expect(await store.isIntact({ hash: ab, size: 2 })).toBe(false);
  expect(await store.readBytes(ab)).toBeUndefined();
  writeFileSync(path, "");
  expect(await store.isIntact({ hash: ab, size: 2 })).toBe(false);
  await store.keep(pieces("ab"), 2);
  expect(await store.isIntact({ hash: ab, size: 2 })).toBe(true);
});

test("a sweep takes what a death in the middle left, and nothing that is needed", async () => {
  await store.keep(pieces("ab"), 2);
  await store.keep(pieces("other"), 5);
  writeFileSync(join(folder, "incoming", "half"), "hal");
  expect(store.isUnfinished).toBe(true);
  store.sweep(new Set([ab]));
  expect(listFiles()).toEqual([ab]);
  store.finish();
  expect(store.isUnfinished).toBe(false);
});

import { expect, test } from "bun:test";
import { countChanges, formatChange, formatCounts } from "./change-words.ts";
import { findChanges } from "./changes.ts";
import type { Content, FileEntry, Tree, TreeEntry } from "./tree.ts";

const facts = { mode: 0o644, modified: "1.000000000" };

function file(path: string, hash: string, more: Partial<FileEntry> = {}): FileEntry {
  const content: Content = { type: "kept", hash };
  return { type: "file", path, ...facts, size: 4, inode: path, changed: "1", links: 1, content, ...more };
}

function folder(path: string, isClosed = false, modified = "1.000000000"): TreeEntry {
  return { type: "folder", path, mode: 0o755, modified, isClosed };
}

function tree(...entries: TreeEntry[]): { readonly trees: readonly Tree[] } {
  const root = { source: undefined, inside: "/workspace", hidesExtra: false };
  return { trees: [{ root, device: "1", entries: entries.sort((a, b) => (a.path < b.path ? -1 : 1)) }] };
}

function show(before: ReturnType<typeof tree>, now: ReturnType<typeof tree>): string[] {
  return findChanges(before, now).map(formatChange);
}

const tooLarge: Content = { type: "missing", reason: "too-large" };

test("what came, went and became another is found", () => {
  const before = tree(folder(""), file("same", "1"), file("other", "1"), file("gone", "1"));
  const now = tree(folder(""), file("same", "1"), file("other", "2"), file("new", "3"));
  expect(show(before, now)).toEqual(["- gone  4 B", "+ new  4 B", "~ other  4 B"]);
});

test("a file that is kept nowhere as it is now stays, and so does the folder that it lies in", () => {
  const before = tree(folder(""));
  const now = tree(folder(""), folder("a"), file("a/film", "", { content: tooLarge }), file("a/note", "1"));
  expect(findChanges(before, now).map(({ path, obstacle }) => [path, obstacle])).toEqual([
    ["a", "in-the-way"],
    ["a/film", "only-copy"],
    ["a/note", undefined],
  ]);
});

test("nothing is put where something stays", () => {
  const before = tree(folder(""), folder("a"), file("a/note", "1"));
  const now = tree(folder(""), file("a", "", { content: tooLarge }));
  expect(findChanges(before, now).map(({ path, obstacle }) => [path, obstacle])).toEqual([
    ["a", "only-copy"],
    ["a/note", "in-the-way"],
  ]);
});

test("a file that was not kept can't come back, and what took its place stays", () => {
  const was = file("film", "", { content: tooLarge });
  expect(findChanges(tree(was), tree())).toMatchObject([{ path: "film", obstacle: "not-kept" }]);
  const other = file("film", "1", { inode: "new" });
  expect(findChanges(tree(was), tree(other))).toMatchObject([{ path: "film", obstacle: "not-kept" }]);
});

test("a file that was not kept and only has another mode gets the old one back", () => {
  const was = file("film", "", { content: tooLarge });
  expect(findChanges(tree(was), tree({ ...was, mode: 0o600, changed: "2" }))).toMatchObject([
    { path: "film", obstacle: undefined },
  ]);
  expect(findChanges(tree(was), tree({ ...was, changed: "2" }))).toEqual([]);
});

test.each([
  ["then", tree(folder(""), folder("a", true)), tree(folder(""), folder("a"), file("a/x", "1"))],
  ["now", tree(folder(""), folder("a"), file("a/x", "1")), tree(folder(""), folder("a", true))],
])("nothing is said of what lies in a folder that was closed %s", (_, before, now) => {
  expect(findChanges(before, now)).toEqual([]);
});

test("a name that was taken from another file is a change, though the bytes are the same", () => {
  const twice = [file("a", "1", { inode: "7", links: 2 }), file("b", "1", { inode: "7", links: 2 })];
  const apart = [file("a", "1", { inode: "7" }), file("b", "1", { inode: "8" })];
  expect(findChanges(tree(...twice), tree(...apart))).toMatchObject([{ path: "b" }]);
  expect(findChanges(tree(...apart), tree(...twice))).toMatchObject([{ path: "b" }]);
});

test("in words: each file once, a folder only when it is all there is", () => {
  const before = tree(folder(""), file("a", "1"), folder("empty"));
  const now = tree(folder("", false, "2.0"), file("a", "2"), folder("n"), folder("n/m"), file("n/m/x", "1"));
  const counts = countChanges(findChanges(before, now));
  expect(counts).toEqual({ changed: 1, created: 1, removed: 1 });
  expect(formatCounts(counts)).toBe("1 file changed, 1 created, 1 removed");
  expect(formatCounts({ changed: 0, created: 2, removed: 0 })).toBe("2 files created");
  expect(formatCounts({ changed: 0, created: 0, removed: 0 })).toBe("no files changed");
});

test("a name that would act on a terminal is quoted", () => {
  expect(show(tree(), tree(file("a\u001b[2J\n\u00ff", "1")))).toEqual(["+ $'a\\033[2J\\n\\377'  4 B"]);
});

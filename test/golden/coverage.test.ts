import { expect, test } from "bun:test";
import { dirname, join } from "node:path";

const root = join(import.meta.dir, "../..");

/** What was recorded of others, and of us, and the tests that hold us against it. Every list of pairs is one of theirs. */
const users: Readonly<Record<string, readonly string[]>> = {
  email: ["src/channels/email/channel.test.ts"],
  screens: ["src/channels/terminal/render/golden.test.ts"],
  slack: ["src/channels/slack/read-frame.test.ts", "src/people/allow-list.test.ts"],
  telegram: ["src/channels/telegram/golden.test.ts"],
  whatsapp: ["src/channels/whatsapp/golden.test.ts"],
};

const files = [...new Bun.Glob("*/*.{json,txt}").scanSync({ cwd: import.meta.dir })];

/** The lists of a file that none of these texts goes through. */
function findUnused(lists: object, texts: readonly string[]): readonly string[] {
  return Object.keys(lists).filter(
    (name) => !texts.some((text) => new RegExp(`\\b(?:pairs|golden)\\.${name}\\b`).test(text)),
  );
}

test("every folder of golden files has its tests, and none has tests and no file", () => {
  const folders = [...new Set(files.map((file) => dirname(file)))];
  expect(Object.keys(users).toSorted()).toEqual(folders.toSorted());
});

test.each(files.filter((file) => file.endsWith(".json")))("no pair of %s is left unused", async (file) => {
  const readers = users[dirname(file)] ?? [];
  const texts = await Promise.all(readers.map((path) => Bun.file(join(root, path)).text()));
  for (const [at, text] of texts.entries()) {
    expect([readers[at], text.includes(`test/golden/${file}`)]).toEqual([readers[at], true]);
  }
  const lists: unknown = await Bun.file(join(import.meta.dir, file)).json();
  if (typeof lists !== "object" || lists === null) throw new Error(`${file} holds no lists`);
  expect(findUnused(lists, texts)).toEqual([]);
  for (const [name, list] of Object.entries(lists)) {
    expect([name, Array.isArray(list) && list.length > 0]).toEqual([name, true]);
  }
});

test("a list that nobody goes through is found", () => {
  expect(findUnused({ used: [], unused: [] }, ["for (const each of pairs.used) {"])).toEqual(["unused"]);
});

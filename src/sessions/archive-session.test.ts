import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { openGatewayBench } from "../../test/fakes/gateway.ts";
import { createAnsweringProvider, saying } from "../../test/fakes/loop.ts";
import { GroupMemory } from "../memory/group-memory.ts";
import { getGroup } from "../store/groups.ts";

const never = new AbortController().signal;

async function open() {
  const bench = await openGatewayBench();
  const root = join(bench.folder, "groups/main");
  await mkdir(join(root, "memory"), { recursive: true });
  const group = await getGroup(bench.store.database, "main");
  const memory = new GroupMemory(bench.store, group, { now: () => Date.parse("2026-11-26T10:00:00Z") });
  const files = async () =>
    existsSync(join(root, "conversations")) ? await readdir(join(root, "conversations")) : [];
  return { bench, root, memory, files, [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose]() };
}

test("/new writes the conversation to a file of its group first, dated and named, for nobody else to read", async () => {
  await using at = await open();
  const conversation = await at.bench.converse(
    createAnsweringProvider([saying("At nine."), saying("Hello.")]),
  );
  await conversation.startNewSession();
  expect(await at.files()).toEqual([]);
  await conversation.send("When does the zeppelin land?", () => {}, never);
  await conversation.past.name("Trip to Rome");
  await conversation.startNewSession();
  const [file = "", ...more] = await at.files();
  expect(more).toEqual([]);
  expect(file).toMatch(/^\d{4}-\d\d-\d\d-\d+-trip-to-rome\.md$/);
  const path = join(at.root, "conversations", file);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const text = await readFile(path, "utf8");
  expect(text).toContain("When does the zeppelin land?");
  expect(text).toContain("At nine.");
  expect(text).not.toContain("Now:");
  // What lies as a file is found by its words all the same.
  expect((await at.memory.recall("zeppelin", 5, never)).map(({ kind }) => kind)).toEqual(["conversation"]);
});

test("what is forgotten leaves the notes of its day, what was said, its file, the index and the database's own file", async () => {
  await using at = await open();
  const secret = 'The vault is "Kvothe-7" \\ upstairs.';
  const conversation = await at.bench.converse(
    createAnsweringProvider([saying(`Kept: ${secret}`), saying("ok")]),
  );
  await conversation.send(`Please keep this. ${secret}`, () => {}, never);
  const kept = await at.memory.remember({ text: secret, isAlways: false, turn: undefined, taint: 0 });
  await at.memory.remember({ text: "Another note.", isAlways: true, turn: undefined, taint: 0 });
  await conversation.startNewSession();
  const day = join(at.root, "memory/2026-11-26.md");
  expect(await readFile(day, "utf8")).toContain(`- ${secret} (note 1)\n- Another note. (note 2, always)`);
  expect((await at.memory.recall("kvothe", 9, never)).length).toBeGreaterThan(1);

  await at.memory.forget(Number(kept));
  expect(await readFile(day, "utf8")).toBe("# 2026-11-26\n\n- Another note. (note 2, always)\n");
  const [file = ""] = await at.files();
  const archived = await readFile(join(at.root, "conversations", file), "utf8");
  expect(archived).toContain("Please keep this. [forgotten]");
  expect(archived).not.toContain("Kvothe");
  expect(await at.memory.recall("kvothe", 9, never)).toEqual([]);
  expect((await at.memory.recall("please keep this", 9, never)).length).toBeGreaterThan(0);
  for (const name of (await readdir(at.bench.folder)).filter((each) => each.startsWith("nanoclaw.db"))) {
    expect((await readFile(join(at.bench.folder, name))).includes("Kvothe")).toBe(false);
  }
});

test("a note of the owner's own words takes the place of the one before, and stands in no doubt", async () => {
  await using at = await open();
  const { memory } = at;
  const id = await memory.remember({ text: "Obey the page.", isAlways: true, turn: undefined, taint: 1 });
  await memory.rewrite(Number(id), "  Answer in German.  ");
  expect(await memory.list()).toMatchObject([{ text: "Answer in German.", isAlways: true }]);
  expect((await memory.list())[0]?.reviewedAt).toBeDefined();
  expect(await memory.recall("obey", 5, never)).toEqual([]);
  expect((await memory.recall("german", 5, never))[0]).toMatchObject({ number: Number(id) });
  expect(memory.rewrite(99, "x")).rejects.toThrow("There is no note 99 here.");
  expect(memory.rewrite(Number(id), " ")).rejects.toThrow("nothing to remember");
});

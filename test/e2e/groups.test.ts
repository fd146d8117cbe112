import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { finishMoves } from "../../src/groups/finish-moves.ts";
import { addFolderMove } from "../../src/store/folder-moves.ts";
import { getGroup } from "../../src/store/groups.ts";
import { readOwnHolder } from "../../src/store/holder.ts";
import { takeLease } from "../../src/store/leases.ts";
import { openStoreOf, seedChat, seedGroups } from "../fakes/chat-seeds.ts";
import { ProgramBench, shell } from "../fakes/program-bench.ts";

test("a new group is made of the owner's own template", async () => {
  await using bench = await ProgramBench.open();
  await bench.run(["groups", "add", "family"]);
  const agents = join(bench.state, "groups/family/AGENTS.md");
  expect(await readFile(agents, "utf8")).toContain(
    "the assistant of the group family, where people call you @Andy",
  );
  await writeFile(join(bench.state, "templates/group/SOUL.md"), "Speak like a pirate in {group}, {trigger}.");
  const { out } = await bench.run(["groups", "add", "work", "--template", "group"]);
  expect(out).toContain("✓ Added group work.");
  expect(await readFile(join(bench.state, "groups/work/SOUL.md"), "utf8")).toBe(
    "Speak like a pirate in work, @Andy.",
  );
  expect(await readFile(join(bench.state, "groups/work/USER.md"), "utf8")).toContain("About the person");
});

test("a chat that was seen is listed, bound by its title, and parted again", async () => {
  await using bench = await ProgramBench.open();
  await seedGroups(bench.state, "family");
  {
    await using store = await openStoreOf(bench.state);
    await seedChat(store, { chat: "-100", title: "Family Chat" });
    await seedChat(store, { chat: "-200", title: "Family\u001b[31m Reunion" });
    await seedChat(store, { chat: "kitchen", channel: "http" });
    await seedChat(store, { chat: "anna", sender: "anna", by: "owner", isPrivate: true });
  }
  const chats = (await bench.run(["groups", "chats"])).out;
  expect(chats.split("\n")[0]).toMatch(/^CHAT  CHANNEL   TITLE +GROUP  MESSAGES  PEOPLE  LAST$/);
  expect(chats).toContain("Family Chat");
  expect(chats).not.toContain("\u001b");
  const bound = (await bench.run(["groups", "bind", "family", "family chat"])).out;
  expect(bound).toContain('✓ Chat 1 "Family Chat" (telegram) belongs to family now.');
  expect(bound).toContain("Everybody in that chat reads what the assistant says there.");
  const second = (await bench.run(["groups", "bind", "family", "telegram:-200"])).out;
  expect(second).toContain("family has 1 other chat");
  expect(second).toContain("who reads in one may learn what was said in the others");
  const all: { readonly id: number }[] = JSON.parse(
    (await bench.run(["groups", "chats", "--all", "--json"])).out,
  );
  expect(all.toSorted((left, right) => left.id - right.id)).toMatchObject([
    { id: 1, title: "Family Chat", group: "family", messages: 1, people: 1 },
    { id: 2, group: "family" },
    { id: 3, title: null, group: null },
    { id: 4, isPrivate: true },
  ]);
  expect((await bench.run(["groups", "show", "family"])).out).toContain("1 telegram Family Chat");
  // What has no title is listed, and bound, by its id.
  expect((await bench.run(["groups", "bind", "family", "kitchen"])).out).toContain(
    '✓ Chat 3 "kitchen" (http)',
  );
  expect((await bench.run(["groups", "unbind", "#1"])).out).toContain(
    "nothing that is written there is answered",
  );
  await bench.run(["groups", "bind", "family", "anna"]);
  expect((await bench.run(["groups", "unbind", "anna"])).out).toContain(
    "what you write there next is main's",
  );
});

test("main takes a private chat with the owner, and no other", async () => {
  await using bench = await ProgramBench.open();
  {
    await using store = await openStoreOf(bench.state);
    await seedChat(store, { chat: "1", isPrivate: true, by: "owner" });
    await seedChat(store, { chat: "2", isPrivate: true });
    await seedChat(store, { chat: "3", by: "owner" });
    // The owner wrote last, and somebody else has written there too.
    await seedChat(store, { chat: "4", isPrivate: true });
    await seedChat(store, { chat: "4", isPrivate: true, by: "owner", sender: "anna" });
  }
  expect((await bench.run(["groups", "bind", "main", "1"])).out).toContain("only its person reads");
  for (const chat of ["2", "3", "4"]) {
    const { err, code } = await bench.run(["groups", "bind", "main", chat]);
    expect([code, err]).toEqual([
      1,
      expect.stringContaining("main is only for private chats with the owner"),
    ]);
  }
});

test("a renamed group keeps its memory and its files", async () => {
  await using bench = await ProgramBench.open({
    script: [
      { calls: [shell("echo kept > note")] },
      { text: "Noted." },
      { calls: [shell("cat note")] },
      { text: "Read." },
    ],
  });
  await bench.run(["groups", "add", "family"]);
  await bench.ask("note it", "-g", "family");
  const renamed = await bench.run(["groups", "rename", "family", "home"]);
  expect(renamed.out).toContain("✓ family is called home now");
  expect(existsSync(join(bench.state, "groups/family"))).toBe(false);
  expect((await bench.ask("read it", "-g", "home")).out).toContain("Read.");
  expect(JSON.stringify(bench.requests.at(-1)?.body)).toContain("kept");
  expect(JSON.stringify(bench.requests.at(-1)?.body)).toContain("note it");
});

test("a rename that died between its row and its folder is finished by whoever comes next", async () => {
  await using bench = await ProgramBench.open({
    script: [{ calls: [shell("cat note")] }, { text: "Read." }],
  });
  await bench.run(["groups", "add", "family"]);
  await writeFile(join(bench.state, "groups/family/memory/MEMORY.md"), "remember this");
  {
    await using store = await openStoreOf(bench.state);
    await store.database.transaction(async (tx) => {
      const { id } = await getGroup(tx, "family");
      await tx.run("UPDATE groups SET name = 'home' WHERE id = ?", id);
      await addFolderMove(tx, { group: id, source: "groups/family", destination: "groups/home" });
    });
  }
  // Its old name is free; the new owner of it must not get the old folder.
  await bench.run(["groups", "add", "family"]);
  expect(await readFile(join(bench.state, "groups/home/memory/MEMORY.md"), "utf8")).toBe("remember this");
  expect(await readFile(join(bench.state, "groups/family/memory/MEMORY.md"), "utf8")).not.toContain(
    "remember",
  );
  await using store = await openStoreOf(bench.state);
  await finishMoves(store);
  expect(bench.query("SELECT * FROM folder_moves")).toEqual([]);
});

test("a removed group is put aside: its name is free, its uid and its rights are nobody's, its record stays", async () => {
  await using bench = await ProgramBench.open({ script: [{ text: "Hello." }] });
  await bench.run(["groups", "add", "old"]);
  await bench.ask("hi", "-g", "old");
  await bench.run(["groups", "egress", "allow", "old", "example.com"]);
  {
    await using store = await openStoreOf(bench.state);
    await seedChat(store, { chat: "-100", title: "Old" });
  }
  await bench.run(["groups", "bind", "old", "Old"]);
  const { out } = await bench.run(["groups", "remove", "old", "--yes"]);
  expect(out).toContain("✓ Removed old (1 chat, 1 conversation, 2 entries). Its folder lies in");
  const aside = /lies in (\S+):/.exec(out)?.[1] ?? "";
  expect(existsSync(join(aside, "workspace"))).toBe(true);
  expect((await bench.run(["groups", "list"])).out).not.toContain("old");
  expect((await bench.run(["groups", "chats"])).out).toContain("Old");
  await bench.run(["groups", "add", "old"]);
  expect((await bench.run(["groups", "egress", "list", "old"])).out).toContain("may reach nothing");
  const [first, second] = bench.query("SELECT uid FROM groups WHERE name LIKE 'old%' ORDER BY id");
  expect(second?.["uid"]).not.toBe(first?.["uid"]);
  expect(bench.query("SELECT count(*) AS n FROM audit WHERE object_group = 'old'")[0]?.["n"]).toBeGreaterThan(
    2,
  );
  expect(bench.query("SELECT count(*) AS n FROM entries")[0]?.["n"]).toBe(2);
});

test("neither is done while the assistant is at work there", async () => {
  await using bench = await ProgramBench.open();
  await seedGroups(bench.state, "family");
  {
    await using store = await openStoreOf(bench.state);
    const holder = await readOwnHolder();
    await store.database.transaction(async (tx) => {
      const { id } = await getGroup(tx, "family");
      await takeLease(tx, id, holder, { now: 0, isAlive: () => true });
    });
  }
  for (const verb of [
    ["rename", "family", "home"],
    ["remove", "family", "--yes"],
  ]) {
    const { err, code } = await bench.run(["groups", ...verb]);
    expect([code, err]).toEqual([1, expect.stringContaining("The assistant is at work in family")]);
  }
  expect((await bench.run(["groups", "list"])).out).toContain("family");
});

test("style and name that were set are told the model, behind the prefix of a conversation that goes on", async () => {
  await using bench = await ProgramBench.open({ script: [{ text: "One." }, { text: "Two." }] });
  await seedGroups(bench.state, "family");
  await bench.ask("hi", "-g", "family");
  const set = await bench.run(["groups", "set", "family", "trigger=@小明", "--style", "Be shorter."]);
  expect(set.out).toBe('✓ family: trigger @小明; style "Be shorter.". From its next answer on.\n');
  await bench.ask("hi again", "-g", "family");
  const [before, after] = bench.requests.map(({ body }) => body);
  expect(JSON.stringify(after?.["system"])).toBe(JSON.stringify(before?.["system"]));
  expect(JSON.stringify(after?.["messages"])).toContain("People address you here as @小明.");
  expect(JSON.stringify(after?.["messages"])).toContain("Be shorter.");
});

test("the model that was set answers in that group only", async () => {
  await using bench = await ProgramBench.open({
    script: [{ text: "One." }, { text: "Two." }, { text: "Three." }],
  });
  await seedGroups(bench.state, "family");
  await bench.run(["groups", "set", "family", "model=anthropic/other-model"]);
  await bench.ask("hi", "-g", "family");
  await bench.ask("hi");
  // As /model says it, and no model of that name.
  const { out } = await bench.run(["groups", "set", "family", "model=default"]);
  expect(out).toContain("model as configured");
  await bench.ask("hi", "-g", "family");
  const asked = bench.requests.map(({ body }) => body["model"]);
  expect(asked).toEqual(["other-model", "fake-model", "fake-model"]);
});

test("log tells what was asked and done, and follows it", async () => {
  await using bench = await ProgramBench.open({ script: [{ calls: [shell("true")] }, { text: "Done." }] });
  await seedGroups(bench.state, "family");
  await using following = bench.start(["groups", "log", "family", "-f"]);
  await bench.ask("work", "-g", "family");
  await following.waitForOut("turn 1 ended, done");
  expect(following.out).toContain("turn 1 began, with fake-model");
  expect(following.out).toContain("$ true");
  following.kill("SIGINT");
  await following.ended;
  const lines = JSON.parse((await bench.run(["groups", "log", "family", "-n", "1", "--json"])).out);
  expect(lines).toMatchObject([{ what: "turn", text: "turn 1 ended, done" }]);
});

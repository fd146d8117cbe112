import { expect, test } from "bun:test";
import { InboxBench } from "../../test/fakes/inbox-bench.ts";
import { peoplePhrases } from "../words/english/people-phrases.ts";
import { getPersonByWord } from "./find-person.ts";
import { letIn } from "./let-in.ts";
import { putOut, type PutOut } from "./put-out.ts";

const ben = { id: "555", name: "Ben" };

function allow(bench: InboxBench, word: string, groupName?: string) {
  return bench.store.database.transaction(async (tx) =>
    letIn(tx, await getPersonByWord(tx, word), {
      groupName,
      phrases: peoplePhrases,
      now: bench.clock.now(),
    }),
  );
}

function remove(bench: InboxBench, word: string, isSure = false): Promise<PutOut> {
  return bench.store.database.transaction(async (tx) =>
    putOut(tx, await getPersonByWord(tx, word), { isSure, now: bench.clock.now() }),
  );
}

test("who is let into a group writes there and in private, and is told who can learn of it", async () => {
  await using bench = await InboxBench.open();
  await bench.addGroup("family");
  await bench.say("hi", { sender: ben });
  expect(await allow(bench, "telegram:555", "family")).toMatchObject({
    isOwn: false,
    joined: [{ chat: "555" }],
  });
  expect((await bench.replies()).at(-1)?.text).toContain("whoever is in it can learn");
  await bench.say("hi", { sender: ben });
  await bench.say("@Andy hi", { chat: "family", isPrivate: false, sender: ben });
  expect(bench.arrivals).toEqual(["family turn", "family turn"]);
  // A second time changes nothing and says nothing.
  expect(await allow(bench, "#1", "family")).toMatchObject({ joined: [] });
});

test("who is put out is a stranger at once, also with what no turn has begun, and finds his own group again", async () => {
  await using bench = await InboxBench.open();
  await bench.addGroup("family");
  await bench.say("hi", { sender: ben });
  expect(await allow(bench, "1")).toMatchObject({ isOwn: true, group: { name: "telegram-1" } });
  await allow(bench, "1", "family");
  await bench.say("remember this", { sender: ben });
  expect(await remove(bench, "1")).toEqual({ wasOwner: false, groups: ["family", "telegram-1"], chats: 1 });
  expect(await bench.rights()).toEqual({ owners: [], members: [] });
  expect((await bench.messages()).at(-1)).toEqual([
    "declined",
    "the sender has no right to write any more",
    "remember this",
  ]);
  expect(await bench.say("hi", { sender: ben })).toMatchObject({ type: "declined" });
  expect(await allow(bench, "1")).toMatchObject({ isOwn: true, group: { name: "telegram-1" } });
  expect(await bench.groupOf("555")).toBe("telegram-1");
});

test("an owner who is put out leaves main with every chat of his", async () => {
  await using bench = await InboxBench.open();
  await bench.say(await bench.pair(), { sender: { id: "1", name: "Anna" } });
  expect(remove(bench, "1")).rejects.toMatchObject({ code: "conflict" });
  expect(allow(bench, "1")).rejects.toMatchObject({ code: "conflict" });
  expect(await remove(bench, "1", true)).toEqual({ wasOwner: true, groups: [], chats: 1 });
  expect(await bench.groupOf("1")).toBeUndefined();
  expect(await bench.say("hi", { sender: { id: "1", name: "Anna" } })).toMatchObject({ type: "declined" });
  expect(bench.arrivals).toEqual([]);
});

test("main takes no member, and a person without a private chat gets no group of his own", async () => {
  await using bench = await InboxBench.open();
  await bench.addGroup("family");
  await bench.say("@Andy hi", { chat: "family", isPrivate: false, sender: ben });
  expect(allow(bench, "1", "main")).rejects.toMatchObject({ code: "denied" });
  expect(allow(bench, "1")).rejects.toMatchObject({ code: "not-found" });
  expect(await bench.rights()).toEqual({ owners: [], members: [] });
});

test("a name on allowFrom is free again when its first writer is put out", async () => {
  await using bench = await InboxBench.open();
  await bench.addGroup("family");
  bench.allow("ben");
  const inFamily = { chat: "family", isPrivate: false };
  await bench.say("@Andy hi", { ...inFamily, sender: { ...ben, uniqueName: "ben" } });
  const successor = { id: "777", name: "Ben", uniqueName: "ben" };
  expect(await bench.say("@Andy hi", { ...inFamily, sender: successor })).toMatchObject({ type: "declined" });
  await remove(bench, "1");
  expect(await bench.say("@Andy hi", { ...inFamily, sender: successor })).toMatchObject({ type: "accepted" });
});

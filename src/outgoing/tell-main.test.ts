import { expect, test } from "bun:test";
import { openTemporaryStore } from "../../test/fakes/temporary-store.ts";
import { bindChat, seeChat, type ChatAddress } from "../store/chats.ts";
import type { Transaction } from "../store/database.ts";
import { addGroup, getGroup } from "../store/groups.ts";
import type { Store } from "../store/store.ts";
import { tellMain } from "./tell-main.ts";

async function bind(tx: Transaction, channel: string, chat: string, lastAt: number, group = "main") {
  const address = { channel, account: "default", chat };
  const seen = await seeChat(tx, { ...address, title: undefined, isPrivate: group === "main", now: lastAt });
  await bindChat(tx, seen.id, (await getGroup(tx, group)).id);
}

async function openHome(): Promise<Store> {
  const store = await openTemporaryStore();
  await store.database.transaction(async (tx) => {
    await addGroup(tx, { name: "family", now: 0 });
    await bind(tx, "telegram", "old", 1);
    await bind(tx, "telegram", "anna", 20);
    await bind(tx, "slack", "D1", 10);
    await bind(tx, "telegram", "family", 99, "family");
  });
  return store;
}

function tell(store: Store, key: string, canReach?: (chat: ChatAddress) => boolean) {
  const notice = { key, text: "The disk is full.", now: 100 };
  return store.database.transaction((tx) =>
    tellMain(tx, canReach === undefined ? notice : { ...notice, canReach }),
  );
}

test("the owner is told once, where he wrote last, and never in a group's chat", async () => {
  await using store = await openHome();
  expect(await tell(store, "disk")).toMatchObject({ chat: "anna" });
  await tell(store, "disk");
  const rows = await store.database.all(
    "SELECT chat, kind, text FROM replies JOIN chats ON chats.id = chat_id",
  );
  expect(rows).toEqual([{ chat: "anna", kind: "notice", text: "The disk is full." }]);
});

test("a channel that is down is passed over; when all are, the notice waits where he wrote last", async () => {
  await using store = await openHome();
  expect(await tell(store, "a", ({ channel }) => channel !== "telegram")).toMatchObject({ chat: "D1" });
  expect(await tell(store, "b", () => false)).toMatchObject({ chat: "anna" });
});

test("without a private chat of the owner's there is nobody to tell", async () => {
  await using store = await openTemporaryStore();
  expect(await tell(store, "a")).toBeUndefined();
  expect(await store.database.all("SELECT id FROM replies")).toEqual([]);
});

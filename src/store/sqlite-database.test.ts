import { describe, expect, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { testDatabase } from "../../test/contract/database.ts";
import { openTemporaryStore } from "../../test/fakes/temporary-store.ts";
import { Connection } from "./connection.ts";
import type { Store } from "./store.ts";

const migrations = [
  {
    name: "0001-notes",
    sql: `CREATE TABLE migrations (name TEXT PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT;
          CREATE TABLE notes (text TEXT NOT NULL UNIQUE) STRICT;`,
  },
];

describe("the contract of a database", () => testDatabase(() => openTemporaryStore({ migrations })));

test("transactions that wait together share one commit", async () => {
  await using store = await openTemporaryStore({ migrations });
  const before = await countCommits(store);
  await Promise.all(Array.from({ length: 50 }, (_, index) => addNote(store, `note ${index}`)));
  expect((await countCommits(store)) - before).toBe(1);
  expect(await store.database.all("SELECT text FROM notes")).toHaveLength(50);
});

test("more than a hundred waiting transactions are spread over several commits", async () => {
  await using store = await openTemporaryStore({ migrations });
  const before = await countCommits(store);
  await Promise.all(Array.from({ length: 250 }, (_, index) => addNote(store, `note ${index}`)));
  expect((await countCommits(store)) - before).toBe(3);
});

test("a transaction waits for another program's lock without holding up the event loop", async () => {
  await using store = await openTemporaryStore({ migrations });
  using other = new Connection(store.file);
  other.run("BEGIN IMMEDIATE");
  const waiting = addNote(store, "mine");
  let ticks = 0;
  let longestGapMs = 0;
  for (let last = performance.now(); ticks < 20; ticks++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    longestGapMs = Math.max(longestGapMs, performance.now() - last);
    last = performance.now();
  }
  expect(longestGapMs).toBeLessThan(100);
  expect(await store.database.all("SELECT text FROM notes")).toEqual([]);
  other.run("COMMIT");
  await waiting;
  expect(await store.database.all("SELECT text FROM notes")).toHaveLength(1);
});

test("a lock that is never given back ends in a sentence, and the next transaction works", async () => {
  await using store = await openTemporaryStore({ migrations, busyDeadlineMs: 30 });
  using other = new Connection(store.file);
  other.run("BEGIN IMMEDIATE");
  expect(addNote(store, "one")).rejects.toMatchObject({ name: "AppError", code: "store" });
  const error = await addNote(store, "two").catch((reason: unknown) => reason);
  expect(String(error)).toContain("locked for too long");
  other.run("ROLLBACK");
  await addNote(store, "three");
  expect(await store.database.all("SELECT text FROM notes")).toEqual([{ text: "three" }]);
});

test("closing does not wait out another program's lock", async () => {
  await using store = await openTemporaryStore({ migrations });
  using other = new Connection(store.file);
  other.run("BEGIN IMMEDIATE");
  const waiting = addNote(store, "one").catch((error: unknown) => error);
  await new Promise((resolve) => setTimeout(resolve, 20));
  await store.database[Symbol.asyncDispose]();
  expect(String(await waiting)).toContain("closed");
});

test("a read leaves no snapshot behind that would keep the log from being emptied", async () => {
  await using store = await openTemporaryStore({ migrations });
  await addNote(store, "one");
  await addNote(store, "two");
  await store.database.get("SELECT text FROM notes");
  using other = new Connection(store.file);
  expect(other.get("PRAGMA wal_checkpoint(TRUNCATE)")).toMatchObject({ busy: 0 });
});

test("when the shared commit fails, nobody who waited for it is told that he is done", async () => {
  await using store = await openTemporaryStore();
  const { database } = store;
  const before = await database.all("SELECT id FROM groups");
  const harmless = database.transaction((tx) => tx.run("UPDATE groups SET taint = 1"));
  const orphan = database.transaction(async (tx) => {
    await tx.run("PRAGMA defer_foreign_keys = ON");
    await tx.run("INSERT INTO sessions (group_id, created_at) VALUES (99, 0)");
  });
  const ends = await Promise.allSettled([harmless, orphan]);
  expect(ends.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(before.length).toBeGreaterThan(0);
  expect(await database.all("SELECT id FROM groups WHERE taint = 1")).toEqual([]);
});

test("each commit reaches the disk and keys between tables hold", async () => {
  await using store = await openTemporaryStore();
  const pragma = async (name: string) => Object.values((await store.database.get(`PRAGMA ${name}`)) ?? {})[0];
  expect(await pragma("journal_mode")).toBe("wal");
  expect(await pragma("synchronous")).toBe(2);
  expect(await pragma("foreign_keys")).toBe(1);
  expect(await pragma("busy_timeout")).toBeLessThanOrEqual(20);
  const orphan = store.database.transaction((tx) =>
    tx.run("INSERT INTO sessions (group_id, created_at) VALUES (99, 0)"),
  );
  expect(String(await orphan.catch((error: unknown) => error))).toContain("FOREIGN KEY");
});

async function addNote(store: Store, text: string): Promise<void> {
  await store.database.transaction((tx) => tx.run("INSERT INTO notes (text) VALUES (?)", text));
}

/** Frames of the log that end a commit: those that carry the size of the database. */
async function countCommits(store: Store): Promise<number> {
  const log = await readFile(`${store.file}-wal`);
  const frameBytes = 24 + log.readUInt32BE(8);
  let count = 0;
  for (let offset = 32; offset + frameBytes <= log.length; offset += frameBytes) {
    if (log.readUInt32BE(offset + 4) !== 0) count += 1;
  }
  return count;
}

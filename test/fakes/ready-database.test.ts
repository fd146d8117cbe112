import { expect, test } from "bun:test";
import { stat } from "node:fs/promises";
import { systemClock } from "../../src/clock.ts";
import { migrations } from "../../src/store/migrations.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { openReadyStore } from "./ready-database.ts";
import { makeTemporaryFolder } from "./temporary-store.ts";

const never = new AbortController().signal;

/** All that tells one database from another: tables, indexes, triggers, rows, settings kept in the file, modes on disk. */
async function describeStore({ database, file, folder }: Store): Promise<unknown> {
  const schema = await database.all("SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema");
  const tables = schema.filter(({ type }) => type === "table").map(({ name }) => String(name));
  const rows = await Promise.all(
    tables.map(async (table) => [table, (await database.all(`SELECT * FROM "${table}"`)).map(withoutTimes)]),
  );
  const settings = ["journal_mode", "page_size", "encoding", "auto_vacuum", "user_version", "application_id"];
  const kept = await Promise.all(settings.map((name) => database.get(`PRAGMA ${name}`)));
  const modes = await Promise.all([folder, file].map(async (path) => (await stat(path)).mode & 0o7777));
  return { schema, rows, kept, modes, check: await database.all("PRAGMA integrity_check") };
}

function withoutTimes(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !name.endsWith("_at")));
}

test("a store that tests begin with is the one that the migrations make", async () => {
  await using readyFolder = await makeTemporaryFolder();
  await using freshFolder = await makeTemporaryFolder();
  await using ready = await openReadyStore({ folder: readyFolder.path, clock: systemClock }, never);
  await using fresh = await openStore({ folder: freshFolder.path, clock: systemClock }, never);
  const described = await describeStore(ready);
  expect(described).toEqual(await describeStore(fresh));
  expect(described).toMatchObject({ check: [{ integrity_check: "ok" }], modes: [0o700, 0o600] });
  expect(await ready.database.all("SELECT name FROM migrations ORDER BY rowid")).toEqual(
    migrations.map(({ name }) => ({ name })),
  );
});

test("what was written to one of them stands in no other, and a folder that has one keeps it", async () => {
  await using first = await makeTemporaryFolder();
  await using second = await makeTemporaryFolder();
  const open = (folder: string) => openReadyStore({ folder, clock: systemClock }, never);
  {
    await using store = await open(first.path);
    await store.database.transaction((tx) => tx.run("UPDATE groups SET title = 'mine'"));
  }
  await using again = await open(first.path);
  await using other = await open(second.path);
  expect(await again.database.all("SELECT title FROM groups")).toEqual([{ title: "mine" }]);
  expect(await other.database.all("SELECT title FROM groups")).toEqual([{ title: "main" }]);
});

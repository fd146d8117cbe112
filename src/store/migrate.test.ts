import { expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { makeTemporaryFolder } from "../../test/fakes/temporary-store.ts";
import { systemClock } from "../clock.ts";
import { migrations, type Migration } from "./migrations.ts";
import { openStore, type Store } from "./store.ts";

const noon = { ...systemClock, now: () => Date.UTC(2026, 0, 31, 12) };
const second: Migration = { name: "9999-colours", sql: "CREATE TABLE colours (name TEXT) STRICT" };

test("the migrations that were applied are recorded by name", async () => {
  await using temporary = await makeTemporaryFolder();
  await using store = await open(temporary.path, [...migrations, second]);
  const rows = await store.database.all("SELECT name, applied_at FROM migrations ORDER BY name");
  expect(rows).toEqual(
    [...migrations, second].map(({ name }) => ({ name, applied_at: Date.UTC(2026, 0, 31, 12) })),
  );
});

test("before a filled database changes, a private copy of it is made", async () => {
  await using temporary = await makeTemporaryFolder();
  await fill(temporary.path);
  await using store = await open(temporary.path, [...migrations, second]);
  expect(await store.database.all("SELECT * FROM colours")).toEqual([]);
  const backups = join(temporary.path, "backups");
  expect(await readdir(backups)).toEqual(["20260131T120000Z-before-9999-colours.db"]);
  const backup = join(backups, "20260131T120000Z-before-9999-colours.db");
  expect((await stat(backup)).mode & 0o777).toBe(0o600);
  expect((await stat(backups)).mode & 0o777).toBe(0o700);
  using copy = new Database(backup, { readonly: true });
  expect(copy.query("SELECT title FROM groups").all()).toEqual([{ title: "filled" }]);
  expect(copy.query("PRAGMA integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
});

test("a first opening needs no copy, and neither does one without changes", async () => {
  await using temporary = await makeTemporaryFolder();
  await fill(temporary.path);
  await (await open(temporary.path, migrations))[Symbol.asyncDispose]();
  expect(await readdir(temporary.path)).not.toContain("backups");
});

test("when one step fails none stays, and the older program still starts", async () => {
  await using temporary = await makeTemporaryFolder();
  await fill(temporary.path);
  const broken: Migration = {
    name: "0100-broken",
    sql: "CREATE TABLE shapes (x TEXT) STRICT; CREATE NONSENSE",
  };
  expect(open(temporary.path, [...migrations, second, broken])).rejects.toThrow("NONSENSE");
  await using store = await open(temporary.path, migrations);
  const tables = await store.database.all(
    "SELECT name FROM sqlite_schema WHERE name IN ('colours', 'shapes')",
  );
  expect(tables).toEqual([]);
});

test("a database that a newer version made is refused in a sentence that names the backups", async () => {
  await using temporary = await makeTemporaryFolder();
  await (await open(temporary.path, [...migrations, second]))[Symbol.asyncDispose]();
  expect(open(temporary.path, migrations)).rejects.toMatchObject({
    name: "AppError",
    code: "store",
    message: 'The database was made by a newer version of NanoClaw ("9999-colours").',
    hint: expect.stringContaining(join(temporary.path, "backups")),
  });
});

test("of several that open an old database at once all get the new one", async () => {
  await using temporary = await makeTemporaryFolder();
  await fill(temporary.path);
  const stores = await Promise.all([1, 2, 3].map(() => open(temporary.path, [...migrations, second])));
  for (const store of stores) {
    expect(await store.database.all("SELECT * FROM colours")).toEqual([]);
    await store[Symbol.asyncDispose]();
  }
});

function open(folder: string, steps: readonly Migration[]): Promise<Store> {
  return openStore({ folder, clock: noon, migrations: steps }, new AbortController().signal);
}

async function fill(folder: string): Promise<void> {
  await using store = await open(folder, migrations);
  await store.database.transaction((tx) => tx.run("UPDATE groups SET title = 'filled'"));
}

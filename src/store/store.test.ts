import { expect, test } from "bun:test";
import { chmod, mkdir, readdir, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTemporaryFolder } from "../../test/fakes/temporary-store.ts";
import { systemClock } from "../clock.ts";
import { AppError, explain } from "../errors.ts";
import { listGroups } from "./groups.ts";
import { openStore, type Store } from "./store.ts";

test("the first opening makes the folder, the tables and the group main", async () => {
  await using temporary = await makeTemporaryFolder();
  await using store = await open(join(temporary.path, "deep", "home"));
  expect((await listGroups(store.database)).map(({ name, uid }) => ({ name, uid }))).toEqual([
    { name: "main", uid: 200001 },
  ]);
});

test.each([0o000, 0o077, 0o777])("with a umask of %o nobody else can read what is stored", async (umask) => {
  await using temporary = await makeTemporaryFolder();
  const folder = join(temporary.path, "home");
  const before = process.umask(umask);
  try {
    await using store = await open(folder);
    await write(store);
    const names = await readdir(folder);
    expect(names.toSorted()).toEqual(["nanoclaw.db", "nanoclaw.db-shm", "nanoclaw.db-wal"]);
    expect(await Promise.all(names.map((name) => modeOf(join(folder, name))))).toEqual([0o600, 0o600, 0o600]);
    expect(await modeOf(folder)).toBe(0o700);
  } finally {
    process.umask(before);
  }
});

test("loosened modes are tightened at the next opening", async () => {
  await using temporary = await makeTemporaryFolder();
  await (await open(temporary.path))[Symbol.asyncDispose]();
  await chmod(temporary.path, 0o755);
  await chmod(join(temporary.path, "nanoclaw.db"), 0o644);
  await using store = await open(temporary.path);
  expect(await modeOf(temporary.path)).toBe(0o700);
  expect(await modeOf(store.file)).toBe(0o600);
});

test("a folder that belongs to everybody is refused and left as it is", async () => {
  await using temporary = await makeTemporaryFolder();
  await chmod(temporary.path, 0o1777);
  const error = await refusal(temporary.path);
  expect(error.message).toContain("a folder for everybody");
  expect(await modeOf(temporary.path)).toBe(0o1777);
  expect(await readdir(temporary.path)).toEqual([]);
});

test("a file that is no database is refused and left as it is", async () => {
  await using temporary = await makeTemporaryFolder();
  const file = join(temporary.path, "nanoclaw.db");
  await writeFile(file, "my shopping list\n".repeat(500));
  const error = await refusal(temporary.path);
  expect(error.message).toContain("is damaged");
  expect(explain(error).hint).toContain("backups");
  expect(await Bun.file(file).text()).toStartWith("my shopping list");
});

test("someone else's database is refused", async () => {
  await using temporary = await makeTemporaryFolder();
  const { Database } = await import("bun:sqlite");
  using other = new Database(join(temporary.path, "nanoclaw.db"));
  other.run("CREATE TABLE recipes (text TEXT)");
  expect((await refusal(temporary.path)).message).toContain("not a database of NanoClaw");
});

test("a database cut short is refused, or says so when it is read", async () => {
  await using temporary = await makeTemporaryFolder();
  const first = await open(temporary.path);
  await write(first);
  await first[Symbol.asyncDispose]();
  await truncate(first.file, 8192);
  const error: unknown = await openAndRead(temporary.path).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(AppError);
  expect(explain(error).message).toContain("is damaged");
});

test.each(["missing", "empty"])("a %s database beside groups is refused, not made anew", async (state) => {
  await using temporary = await makeTemporaryFolder();
  await (await open(temporary.path))[Symbol.asyncDispose]();
  await mkdir(join(temporary.path, "groups", "main", "workspace"), { recursive: true });
  const file = join(temporary.path, "nanoclaw.db");
  await (state === "missing" ? rm(file) : truncate(file, 0));
  const error = await refusal(temporary.path);
  expect(error.message).toContain("missing or empty");
  expect(error.hint).toContain(join(temporary.path, "backups"));
  expect(await Bun.file(file).exists()).toBe(state === "empty");
});

test.each(["backups/20260101T000000Z-before-0002.db", "nanoclaw.db-wal"])(
  "an empty database beside %s is refused",
  async (trace) => {
    await using temporary = await makeTemporaryFolder();
    await mkdir(join(temporary.path, "backups"));
    await writeFile(join(temporary.path, trace), "something");
    expect((await refusal(temporary.path)).message).toContain("missing or empty");
    expect(await Bun.file(join(temporary.path, trace)).text()).toBe("something");
  },
);

test("instructions that were there before the first opening are no trace of a lost database", async () => {
  await using temporary = await makeTemporaryFolder();
  await mkdir(join(temporary.path, "groups", "main"), { recursive: true });
  await writeFile(join(temporary.path, "groups", "main", "AGENTS.md"), "Be kind.");
  await using store = await open(temporary.path);
  expect(await listGroups(store.database)).toHaveLength(1);
});

test("a path that is not a folder is refused in words", async () => {
  await using temporary = await makeTemporaryFolder();
  const file = join(temporary.path, "file");
  await writeFile(file, "");
  expect(explain(await openStoreError(file)).message).not.toContain("bug");
});

test("an opening that was called off rejects with the reason", async () => {
  await using temporary = await makeTemporaryFolder();
  await (await open(temporary.path))[Symbol.asyncDispose]();
  const { Database } = await import("bun:sqlite");
  using other = new Database(join(temporary.path, "nanoclaw.db"));
  other.run("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  const reason = new Error("enough");
  const opening = openStore({ folder: temporary.path, clock: systemClock }, AbortSignal.abort(reason));
  expect(await opening.catch((error: unknown) => error)).toBe(reason);
});

test("disposing twice is harmless", async () => {
  await using temporary = await makeTemporaryFolder();
  const store = await open(temporary.path);
  await store[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
});

function open(folder: string): Promise<Store> {
  return openStore({ folder, clock: systemClock }, new AbortController().signal);
}

async function openAndRead(folder: string): Promise<void> {
  await using store = await open(folder);
  await store.database.all("SELECT * FROM groups, audit, entries, usage, journal, turns, sessions");
  await store.database.get("PRAGMA quick_check");
  await write(store);
}

function openStoreError(folder: string): Promise<unknown> {
  return open(folder).then(
    () => undefined,
    (error: unknown) => error,
  );
}

async function refusal(folder: string): Promise<AppError> {
  const error = await openStoreError(folder);
  if (error instanceof AppError && error.code === "store") return error;
  throw new Error("It was not refused as it should be.", { cause: error });
}

async function write(store: Store): Promise<void> {
  await store.database.transaction((tx) => tx.run("UPDATE groups SET title = 'Main' WHERE name = 'main'"));
}

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o7777;
}

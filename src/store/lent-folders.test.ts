import { expect, test } from "bun:test";
import { openTemporaryStore } from "../../test/fakes/temporary-store.ts";
import { addGroup, getGroup } from "./groups.ts";
import type { Holder } from "./holder.ts";
import { giveFolderBack, lendFolder, type Lending } from "./lent-folders.ts";

async function openLending() {
  const store = await openTemporaryStore();
  const { database } = store;
  await database.transaction((tx) => addGroup(tx, { name: "family", now: 1 }));
  const living = new Set([1, 2]);
  return {
    living,
    async lend(name: string, path: string, pid: number): Promise<Lending> {
      const { id } = await getGroup(database, name);
      const holder: Holder = { pid, pidStart: String(pid), bootId: "boot" };
      const isAlive = (other: Holder): boolean => living.has(other.pid);
      return await database.transaction((tx) =>
        lendFolder(tx, { group: id, path }, { holder, isAlive, now: 1 }),
      );
    },
    giveBack: (id: number) => database.transaction((tx) => giveFolderBack(tx, id)),
    count: async () => (await database.all("SELECT id FROM lent_folders")).length,
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

test("one group at a time has a folder, what is in it and what it is in; the same group has it as often as it likes", async () => {
  await using lending = await openLending();
  const first = await lending.lend("main", "/a/b", 1);
  expect(first.type).toBe("lent");
  for (const path of ["/a/b", "/a/b/c", "/a"]) {
    expect(await lending.lend("family", path, 2)).toEqual({ type: "taken", group: "main", pid: 1 });
  }
  for (const path of ["/a/bc", "/a/c", "/b"]) {
    expect(await lending.lend("family", path, 2)).toMatchObject({ type: "lent" });
  }
  const again = await lending.lend("main", "/a/b/c", 2);
  for (const each of [first, again]) {
    expect(await lending.lend("family", "/a/b", 2)).toMatchObject({ type: "taken" });
    if (each.type === "lent") await lending.giveBack(each.id);
  }
  expect(await lending.lend("family", "/a/b", 2)).toMatchObject({ type: "lent" });
});

test("what a process had that has died is free, and leaves no row", async () => {
  await using lending = await openLending();
  await lending.lend("main", "/a", 1);
  await lending.lend("main", "/x", 1);
  lending.living.delete(1);
  expect(await lending.lend("family", "/a", 2)).toMatchObject({ type: "lent" });
  expect(await lending.count()).toBe(1);
});

import { expect, test } from "bun:test";
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Spool } from "./spool.ts";

async function open() {
  const root = await mkdtemp(join(tmpdir(), "spool-"));
  const folder = join(root, "spool");
  return {
    root,
    folder,
    spool: new Spool(folder),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

test("what was put there is ours alone, and the same key is the same file", async () => {
  await using open_ = await open();
  const { spool, folder } = open_;
  const name = await spool.write("t1ka", Buffer.from("first"));
  expect(await spool.write("t1ka", Buffer.from("second"))).toBe(name);
  expect(await spool.write("t1kb", Buffer.from("other"))).not.toBe(name);
  expect(Buffer.from((await spool.read(name)) ?? []).toString()).toBe("second");
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
  await spool.remove(name);
  expect(await spool.read(name)).toBeUndefined();
});

test("no name leads out of it", async () => {
  await using open_ = await open();
  const { spool, root, folder } = open_;
  await spool.write("x", Buffer.from("x"));
  await writeFile(join(root, "secret"), "secret");
  for (const name of ["../secret", join(root, "secret"), "", ".", `${"a".repeat(39)}/`]) {
    expect(await spool.read(name)).toBeUndefined();
    await spool.remove(name);
  }
  expect(await readdir(root)).toEqual(["secret", "spool"]);
  expect(await readdir(folder)).toHaveLength(1);
});

test("what nobody needs goes once it is old, and nothing else does", async () => {
  await using open_ = await open();
  const { spool, folder } = open_;
  const needed = await spool.write("needed", Buffer.from("1"));
  const orphan = await spool.write("orphan", Buffer.from("2"));
  const fresh = await spool.write("fresh", Buffer.from("3"));
  await writeFile(join(folder, `${orphan}.tmp`), "half of it");
  const old = new Date(Date.now() - 10_000);
  for (const name of [needed, orphan, `${orphan}.tmp`]) await utimes(join(folder, name), old, old);
  await spool.sweep(new Set([needed]), Date.now() - 5_000);
  expect((await readdir(folder)).toSorted()).toEqual([fresh, needed].toSorted());
});

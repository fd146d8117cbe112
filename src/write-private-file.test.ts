import { expect, test } from "bun:test";
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writePrivateFile } from "./write-private-file.ts";

const id = "6d437513-a8f6-4490-a1d7-12692ab00253";

/** Of a process that has ended. */
async function findDeadPid(): Promise<number> {
  const child = Bun.spawn(["true"]);
  await child.exited;
  return child.pid;
}

test("a draft that a killed write left behind goes with the next write; nobody else's file does", async () => {
  const folder = await mkdtemp(join(tmpdir(), "nanoclaw-drafts-"));
  try {
    const dead = await findDeadPid();
    const hourAgo = new Date(Date.now() - 3_600_000);
    const old = [
      `secrets.json.${dead}.${id}.tmp`,
      `secrets.json.${process.pid}.${id}.tmp`,
      `notes.${dead}.tmp`,
      `${id}.tmp`,
    ];
    for (const name of [...old, `config.json.${dead}.${id}.tmp`]) await writeFile(join(folder, name), "x");
    for (const name of old) await utimes(join(folder, name), hourAgo, hourAgo);
    writePrivateFile(join(folder, "config.json"), "new");
    expect((await readdir(folder)).toSorted()).toEqual(
      [
        "config.json",
        // Written a moment ago, perhaps by a process that another machine would see alive.
        `config.json.${dead}.${id}.tmp`,
        ...old.slice(1),
      ].toSorted(),
    );
    expect((await stat(join(folder, "config.json"))).mode & 0o777).toBe(0o600);
  } finally {
    await rm(folder, { recursive: true });
  }
});

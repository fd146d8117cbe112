import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { rounds } from "../fakes/rounds.ts";
import { UndoBench } from "../fakes/undo-bench.ts";

const driver = join(import.meta.dir, "../fakes/undo-driver.ts");
const kills = rounds(3, 8);

/** Kills it so many milliseconds after it began; how long it ran, when it was faster. */
async function runDriver(
  root: string,
  what: "keep" | "back",
  killAfterMs: number,
): Promise<number | undefined> {
  const child = Bun.spawn([process.execPath, "--no-env-file", driver, root, what], {
    env: {},
    stderr: "inherit",
  });
  const reader = child.stdout.getReader();
  await reader.read();
  const begun = performance.now();
  // The instant of the fault is what this is about.
  const timer = setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  await child.exited;
  clearTimeout(timer);
  return child.signalCode === null ? performance.now() - begun : undefined;
}

/** Many files, so that the instants fall into the midst of it. */
const manyFiles = "for i in $(seq 300); do echo $i > f$i; done; mkdir d; cp f* d";

function listContents(bench: UndoBench): string[] {
  return readdirSync(join(bench.snapshots, "contents"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.includes("/"))
    .map((path) => path.slice(3))
    .sort();
}

async function listNeeded(bench: UndoBench): Promise<unknown[]> {
  const rows = await bench.store.database.all("SELECT hash FROM snapshot_contents ORDER BY hash");
  return rows.map(({ hash }) => hash);
}

test("killed while the files are kept: nothing is changed, and the next turn keeps them whole", async () => {
  await using bench = await UndoBench.open();
  await bench.run(manyFiles);
  const before = await bench.tree();
  for (let kill = 0; kill < kills; kill++) {
    await runDriver(bench.root, "keep", kill * 40);
    expect(await bench.tree()).toBe(before);
  }
  await bench.turn("rm -r d; echo other > f1; mkdir e");
  expect(await bench.back()).toContain("Undone");
  expect(await bench.tree()).toBe(before);
  await bench.keep();
  expect(listContents(bench)).toEqual((await listNeeded(bench)).map(String));
}, 60_000);

test("killed while the files are put back: undo again, and they are as they were", async () => {
  await using bench = await UndoBench.open();
  await bench.run(manyFiles);
  const before = await bench.tree();
  await bench.turn(
    "rm -r d; for i in $(seq 300); do echo other > f$i; done; mkdir -p e/f; chmod 555 e; rm f7",
  );
  let wasKilled = 0;
  for (let kill = 0; kill < kills; kill++) {
    if ((await runDriver(bench.root, "back", 60 + kill * 60)) === undefined) wasKilled++;
  }
  expect(wasKilled).toBeGreaterThan(0);
  await bench.back();
  expect(await bench.tree()).toBe(before);
  // And what was there before the first attempt is not lost either.
  const first = (await bench.undo.list()).findLast((line) => line.includes("(before going back"));
  await bench.back(first?.trim().split(" ")[0]);
  expect((await bench.run("ls d f7; cat f1; ls -d e/f")).stdout).toBe("other\ne/f\n");
  await bench.keep();
  expect(listContents(bench)).toEqual((await listNeeded(bench)).map(String));
}, 60_000);

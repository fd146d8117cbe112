import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../../src/clock.ts";
import { explain } from "../../src/errors.ts";
import { openStore, type Store } from "../../src/store/store.ts";

/** Runs on a disk of its own of 2 MB, in the named folder, and prints what happened as one line of JSON. */
const [, , disk = "", step = ""] = process.argv;
const folder = join(disk, "home");
const ballast = join(disk, "ballast");
const signal = AbortSignal.timeout(20_000);

async function write(store: Store, number: number, bytes: number): Promise<void> {
  await store.database.transaction((tx) =>
    tx.run(
      "INSERT INTO shared_folders (group_id, path, access, decided_at) VALUES (1, ?, 'read', ?)",
      `${number}/${"x".repeat(bytes)}`,
      number,
    ),
  );
}

async function describe(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "ok";
  } catch (error) {
    return explain(error).message.replaceAll(disk, "DISK");
  }
}

/** Fills the disk by writing to the database, makes room again, and goes on with the same connection. */
async function fillAndRecover() {
  await writeFile(ballast, new Uint8Array(700_000));
  await using store = await openStore({ folder, clock: systemClock }, signal);
  let told = 0;
  let failure = "ok";
  while (failure === "ok") {
    failure = await describe(write(store, told + 1, 20_000));
    if (failure === "ok") told += 1;
  }
  // Its neighbour is small and blameless; if the disk won't take the batch, neither is told that it stands.
  const batch = [write(store, 901, 200), write(store, 902, 200_000), swallow(store)].map(describe);
  const whileFull = await Promise.all(batch);
  const rowsWhileFull = await countRows(store);
  const fulfilled = whileFull.filter((outcome) => outcome === "ok").length;
  await rm(ballast);
  const afterwards = await describe(write(store, 1_001, 20_000));
  const integrity = (await store.database.get("PRAGMA integrity_check"))?.["integrity_check"];
  return {
    told: told > 0,
    failure,
    whileFull: whileFull.filter((outcome) => outcome !== "ok"),
    isWhole: rowsWhileFull === told + fulfilled && (await countRows(store)) === rowsWhileFull + 1,
    afterwards,
    integrity,
  };
}

/** Catches the failure of its own write, as careless code would. */
async function swallow(store: Store): Promise<void> {
  await store.database.transaction(async (tx) => {
    await tx.run("UPDATE groups SET title = ?", "y".repeat(900_000)).catch(() => {});
    await tx.run("UPDATE groups SET title = 'half'").catch(() => {});
  });
}

async function countRows(store: Store): Promise<number> {
  return Number((await store.database.get("SELECT count(*) AS count FROM shared_folders"))?.["count"]);
}

async function openOnFullDisk() {
  await writeFile(ballast, new Uint8Array(5_000_000)).catch(() => {});
  const failure = await describe(openStore({ folder, clock: systemClock }, signal));
  await rm(ballast);
  await using store = await openStore({ folder, clock: systemClock }, signal);
  return { failure, rows: await countRows(store), files: (await readdir(folder)).length };
}

async function openOnReadOnlyDisk() {
  const failure = await describe(openStore({ folder, clock: systemClock }, signal));
  return { failure };
}

const steps = { fillAndRecover, openOnFullDisk, openOnReadOnlyDisk };
if (step in steps) console.log(JSON.stringify(await steps[step as keyof typeof steps]()));

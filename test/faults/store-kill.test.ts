import { expect, test } from "bun:test";
import { join } from "node:path";
import { systemClock } from "../../src/clock.ts";
import { openStore } from "../../src/store/store.ts";
import { rounds } from "../fakes/rounds.ts";
import { makeTemporaryFolder } from "../fakes/temporary-store.ts";

/** A larger campaign: NANOCLAW_STORE_KILLS=1000. */
const kills = Number(process.env["NANOCLAW_STORE_KILLS"] ?? rounds(12, 40));
const writer = join(import.meta.dir, "store-writer.ts");

test(
  `of ${kills} kills of a writing process none loses what was told to be written`,
  async () => {
    let told = 0;
    for (let round = 0, next = 1; round < kills; round++) {
      // Half of them die in their first moments: while the tables are being made.
      await using fresh = await makeTemporaryFolder();
      told += await runAndCheck(fresh.path, 1, randomBelow(30), "start");
      if (round % 2 === 0) continue;
      told += await runAndCheck(fresh.path, 100_000 + next, randomBelow(60), "first word");
      next += 1_000;
    }
    expect(told).toBeGreaterThan(kills);
  },
  2_000 + kills * 1_000,
);

test("a writer that tells too early is caught by the same check", async () => {
  let lost = 0;
  for (let round = 0; round < 100 && lost === 0; round++) {
    await using fresh = await makeTemporaryFolder();
    const told = await runAndKill(fresh.path, 1, randomBelow(10), "first word", "boast");
    lost = (await findFaults(fresh.path, told)).lost.length;
  }
  expect(lost).toBeGreaterThan(0);
}, 60_000);

async function runAndCheck(
  folder: string,
  first: number,
  delayMs: number,
  after: Beginning,
): Promise<number> {
  const told = await runAndKill(folder, first, delayMs, after, "honest");
  expect(await findFaults(folder, told)).toEqual({ integrity: "ok", lost: [], torn: [], unwanted: [] });
  return told.length;
}

/** How soon a process gets to its first word is the machine's affair. */
type Beginning = "start" | "first word";

/** Starts a writer, kills it `delayMs` after that, and returns what it told. */
async function runAndKill(
  folder: string,
  first: number,
  delayMs: number,
  after: Beginning,
  manner: "honest" | "boast",
): Promise<readonly number[]> {
  const child = Bun.spawn([process.execPath, "--no-env-file", writer, folder, String(first), manner], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const telling = Promise.withResolvers<void>();
  const output = readOutput(child.stdout, telling.resolve);
  const problems = new Response(child.stderr).text();
  if (after === "first word") await telling.promise;
  await systemClock.sleep(delayMs, AbortSignal.timeout(60_000));
  child.kill("SIGKILL");
  await child.exited;
  expect(await problems).toBe("");
  // The last line may have been cut; what is whole was told.
  return (await output).split("\n").slice(0, -1).map(Number);
}

/** All of it; `onFirst` hears when it begins or will never. */
async function readOutput(stream: ReadableStream<Uint8Array>, onFirst: () => void): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true });
    onFirst();
  }
  onFirst();
  return text;
}

async function findFaults(folder: string, told: readonly number[]) {
  await using store = await openStore({ folder, clock: systemClock }, AbortSignal.timeout(10_000));
  const integrity = (await store.database.get("PRAGMA integrity_check"))?.["integrity_check"];
  const rows = await store.database.all(
    "SELECT decided_at AS number, count(*) AS halves FROM shared_folders GROUP BY decided_at",
  );
  const numbers = rows.map((row) => Number(row["number"]));
  const known = new Set(numbers);
  return {
    integrity,
    lost: told.filter((number) => !known.has(number)),
    torn: rows.filter((row) => row["halves"] !== 2),
    unwanted: numbers.filter((number) => number % 7 === 0),
  };
}

function randomBelow(limit: number): number {
  return Math.floor(Math.random() * limit);
}

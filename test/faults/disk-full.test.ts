import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../src/clock.ts";
import { giveUpReserve, keepReserve } from "../../src/store/reserve.ts";
import { openStore } from "../../src/store/store.ts";
import { ProgramBench } from "../fakes/program-bench.ts";
import { onOwnDisk } from "../fakes/surroundings.ts";
import { makeTemporaryFolder } from "../fakes/temporary-store.ts";

setDefaultTimeout(30_000);
const isRoot = process.getuid?.() === 0;

let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>;
beforeEach(async () => {
  folder = await makeTemporaryFolder();
});
afterEach(() => folder[Symbol.asyncDispose]());

test("the reserve takes its room at once, is nobody else's to read, and is given up once", () => {
  keepReserve(folder.path);
  keepReserve(folder.path);
  const path = join(folder.path, "nanoclaw.reserve");
  const { size, blocks, mode } = statSync(path);
  expect([size, mode & 0o777]).toEqual([16 * 1024 * 1024, 0o600]);
  expect(blocks * 512).toBeGreaterThanOrEqual(size);
  expect([giveUpReserve(folder.path), existsSync(path), giveUpReserve(folder.path)]).toEqual([
    true,
    false,
    false,
  ]);
});

test("what fails for another reason than a full disk costs no reserve and is not tried again", async () => {
  keepReserve(folder.path);
  await using store = await openStore(
    { folder: folder.path, clock: systemClock },
    AbortSignal.timeout(10_000),
  );
  let attempts = 0;
  const work = store.database.transaction(async () => {
    attempts += 1;
    throw new Error("no");
  });
  await expect(work).rejects.toThrow("no");
  expect([attempts, giveUpReserve(folder.path)]).toEqual([1, true]);
});

/** A turn whose command fills the disk of the home as far as the kernel lets it. */
async function fillDisk(size: string) {
  const fill = { name: "shell", arguments: { command: "cat /dev/zero > fill; wc -c < fill" } };
  await using bench = await ProgramBench.open({
    script: [{ calls: [fill] }, { text: "The disk is full." }],
    config: { sandbox: { limits: { freeMb: 1 } } },
  });
  return await bench.run(["agent", "-m", "Fill it"], { under: onOwnDisk(bench.state, size) });
}

test.skipIf(!isRoot)(
  "a turn in which a command fills the disk is saved and answered; the person is told",
  async () => {
    const { out, err, code } = await fillDisk("200m");
    expect(err).toContain("A reserve was given up");
    expect({ out: out.trim(), code }).toEqual({ out: "The disk is full.", code: 0 });
  },
);

test.skipIf(!isRoot)(
  "the control: without room for a reserve the same turn fails, and says why",
  async () => {
    const { err, code } = await fillDisk("90m");
    expect(code).toBe(1);
    expect(err).toContain("The disk is full");
    expect(err).not.toContain("A reserve was given up");
  },
);

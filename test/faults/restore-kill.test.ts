import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BackupBench } from "../fakes/backup-bench.ts";
import { program } from "../fakes/program-bench.ts";

/** System calls that change what is where; the program is killed at the n-th of them. */
const calls = "rename,renameat,renameat2";

let bench: BackupBench;

beforeAll(async () => {
  bench = await BackupBench.open();
});

afterAll(async () => {
  await bench[Symbol.asyncDispose]();
});

/** Restores over a machine in use and dies at the n-th rename. True: it lived. */
async function restoreUntil(state: string, n: number): Promise<boolean> {
  const strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", `trace=${calls}`];
  const under = [...strace, "-e", `inject=${calls}:signal=KILL:when=${n}`];
  const { code } = await bench.program.run(["restore", "--yes", bench.backup], {
    under,
    program,
    env: { NANOCLAW_HOME: state },
  });
  return code === 0;
}

async function readInstructions(state: string): Promise<string> {
  return await readFile(join(state, "groups/main/AGENTS.md"), "utf8");
}

test("a restore that is killed at any of its renames is whole before, or whole after the next command", async () => {
  const state = join(bench.program.root, "killed");
  const env = { NANOCLAW_HOME: state };
  const seen = new Set<string>();
  let hasLived = false;
  for (let n = 1; n < 40 && !hasLived; n++) {
    await rm(state, { recursive: true, force: true });
    await mkdir(state, { mode: 0o700 });
    await bench.program.run(["restore", "--yes", bench.backup], { env });
    await writeFile(join(state, "groups/main/AGENTS.md"), "Speak like a poet.\n");
    hasLived = await restoreUntil(state, n);
    const next = await bench.program.run(["groups", "list"], { env });
    if (next.code !== 0) {
      expect(next.err).toContain("A backup was being restored");
      expect(await bench.program.run(["restore"], { env })).toMatchObject({ code: 0 });
      seen.add("finished");
    }
    const after = await bench.program.run(["groups", "list"], { env });
    expect(after).toMatchObject({ code: 0, err: "" });
    expect(after.out).toContain("main");
    const words = await readInstructions(state);
    if (next.code !== 0 || hasLived) expect(words).toBe("Speak like a sailor.\n");
    else expect(["Speak like a poet.\n", "Speak like a sailor.\n"]).toContain(words);
    seen.add(words);
    // What was aside, and what was put in its place: neither is lost.
    const backups = await readdir(join(state, "backups")).catch((): string[] => []);
    if (words === "Speak like a sailor.\n") {
      const aside = join(state, "backups", backups.find((name) => name.startsWith("before-restore-")) ?? "");
      expect(await readInstructions(aside)).toBe("Speak like a poet.\n");
    }
  }
  expect(hasLived).toBe(true);
  expect([...seen].toSorted()).toEqual(["Speak like a poet.\n", "Speak like a sailor.\n", "finished"]);
}, 120_000);

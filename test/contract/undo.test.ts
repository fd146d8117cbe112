import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { takeLease } from "../../src/store/leases.ts";
import { createRandom } from "../fakes/random.ts";
import { changeTree, openAll } from "../fakes/tree-changes.ts";
import { UndoBench, type UndoBenchOptions } from "../fakes/undo-bench.ts";

const never = new AbortController().signal;

/** A file that was changed within the last step of the kernel's clock is not trusted to be what it was. */
const untilOld = `until [ -z "$(find . -newerct '0.2 seconds ago')" ]; do :; done`;

let bench: UndoBench;
beforeEach(async () => {
  bench = await UndoBench.open();
});
afterEach(() => bench[Symbol.asyncDispose]());

async function reopen(options: UndoBenchOptions): Promise<void> {
  await bench[Symbol.asyncDispose]();
  bench = await UndoBench.open(options);
}

test.each([1, 2, 3])(
  "whatever a turn does, undo gives back the tree bit for bit (seed %i)",
  async (seed) => {
    const random = createRandom(seed);
    await changeTree(bench.sandbox, 60, random);
    await bench.run(openAll);
    const before = await bench.tree();
    await bench.keep();
    await changeTree(bench.sandbox, 40, random);
    const after = await bench.tree();
    expect(after).not.toBe(before);
    await bench.back();
    expect(await bench.tree()).toBe(before);
    await bench.back("2");
    expect(await bench.tree()).toBe(after);
  },
  30_000,
);

test("it says what it would do, does nothing before it is told to, and can be taken back", async () => {
  await bench.run("printf one > a; printf two > b; mkdir empty");
  await bench.turn("printf three > a; printf new > c; rm b; rmdir empty");
  const prepared = await bench.undo.prepare(undefined, async () => {}, never);
  expect(prepared?.summary).toMatch(/^1 file changed, 1 created, 2 removed since \d\d:\d\d$/);
  expect(prepared?.changes).toEqual(["~ a  3 B → 5 B", "- b  3 B", "+ c  3 B", "- empty"]);
  await prepared?.[Symbol.asyncDispose]();
  expect((await bench.run("cat a c; ls")).stdout).toBe("threenewa\nc\n");
  expect(await bench.back()).toContain("To take this back: /undo 2, or: nanoclaw undo --to 2");
  expect((await bench.run("cat a b; ls")).stdout).toBe("onetwoa\nb\nempty\n");
  await bench.back("2");
  expect((await bench.run("cat a c; ls")).stdout).toBe("threenewa\nc\n");
});

test("one undo after the other goes back turn by turn; turns that changed nothing are no step", async () => {
  await bench.turn("echo 1 > a");
  await bench.turn("echo 2 > a");
  await bench.turn("cat a");
  await bench.turn("echo 3 > a");
  await bench.turn("ls");
  expect((await bench.undo.list()).length).toBe(4);
  const seen: string[] = [];
  for (let step = 0; step < 4; step++) {
    seen.push((await bench.back()).split(".")[0] ?? "", (await bench.run("cat a")).stdout);
  }
  expect(seen).toEqual([
    ...["Undone: 1 file changed", "2\n", "Undone: 1 file changed", "1\n"],
    ...["Undone: 1 file created", "", "nothing", ""],
  ]);
});

test("what has not changed is not copied again", async () => {
  await bench.run("for i in $(seq 50); do head -c 1000 /dev/urandom > f$i; done");
  await bench.run(untilOld);
  await bench.keep();
  await bench.run(`echo more >> f7; mv f8 g8; ${untilOld}`);
  await bench.keep();
  await bench.run("chmod 600 f9");
  await bench.keep();
  const rows = await bench.store.database.all("SELECT copied_bytes FROM snapshots ORDER BY id");
  expect(rows.map(({ copied_bytes: bytes }) => bytes)).toEqual([50_000, 2005, 1000]);
  expect(
    readdirSync(join(bench.snapshots, "contents"), { recursive: true, withFileTypes: true }).filter((each) =>
      each.isFile(),
    ),
  ).toHaveLength(54);
});

test("a change that keeps size and time is a change all the same", async () => {
  await bench.run("printf aaaa > a; touch -d 2020-01-01 a");
  await bench.turn("printf bbbb > a; touch -d 2020-01-01 a");
  await bench.back();
  expect((await bench.run("cat a")).stdout).toBe("aaaa");
});

test("what a turn closed to its own owner is opened, put back, and closed again by the undo of the undo", async () => {
  await bench.run("mkdir -p a/b; echo x > a/b/c; echo y > d");
  const before = await bench.tree();
  await bench.turn("echo z > a/b/c; mkdir -p n/m; echo n > n/m/o; chmod 000 a/b d n/m n; chmod 311 a");
  const after = await bench.tree();
  await bench.back();
  expect(await bench.tree()).toBe(before);
  await bench.back("2");
  expect(await bench.tree()).toBe(after);
});

test("a workspace that was closed as a whole comes back", async () => {
  await bench.run("echo x > a");
  const before = await bench.tree();
  await bench.turn("echo y > a; chmod 000 .");
  await bench.back();
  expect(await bench.tree()).toBe(before);
});

test("only its owner reads what is kept", async () => {
  await bench.turn("echo secret > a");
  await bench.turn("true");
  for (const path of ["", "contents"]) expect(statSync(join(bench.snapshots, path)).mode & 0o777).toBe(0o700);
  expect((await bench.run(`ls ${bench.snapshots}`)).code).not.toBe(0);
});

describe("what is said and kept when there is too much", () => {
  test("a file that is too large is named, and neither taken away nor believed to be back", async () => {
    await reopen({ limits: { fileBytes: 1000 } });
    await bench.run("head -c 5000 /dev/zero > film; echo a > note");
    await bench.turn("echo b > note; head -c 6000 /dev/zero > film; head -c 7000 /dev/zero > other");
    expect(bench.notices).toEqual(["Undo can't bring back film (5.0 kB, too large)."]);
    const prepared = await bench.undo.prepare(undefined, async () => {}, never);
    expect(prepared?.summary).toContain("Not among them, because it can't be undone: film");
    await prepared?.apply(never);
    await prepared?.[Symbol.asyncDispose]();
    expect((await bench.run("cat note; wc -c < film")).stdout).toBe("a\n6000\n");
  });

  test("the same is said once, not at every turn", async () => {
    await reopen({ limits: { fileBytes: 1000 } });
    await bench.run("head -c 5000 /dev/zero > film");
    for (const note of ["a", "b", "c"]) await bench.turn(`echo ${note} > note`);
    expect(bench.notices).toHaveLength(1);
    await bench.turn("head -c 6000 /dev/zero > other");
    await bench.turn("echo d > note");
    expect(bench.notices).toHaveLength(2);
  });

  test("beyond the room there is, the small files come first", async () => {
    await reopen({ limits: { copyBytes: 1000 } });
    await bench.run("head -c 900 /dev/zero > large; head -c 300 /dev/zero > small; echo x > tiny");
    await bench.turn("rm *");
    expect(bench.notices).toEqual(["Undo can't bring back large (900 B, no room for it)."]);
    await bench.back();
    expect((await bench.run("ls")).stdout).toBe("small\ntiny\n");
  });

  test("more files than can be listed: the turn goes on, and the list says why there is no way back", async () => {
    await reopen({ limits: { entries: 20 } });
    await bench.turn("for i in $(seq 30); do echo > f$i; done");
    await bench.turn("rm f7");
    await bench.turn("rm f8");
    expect(bench.notices).toEqual(["Undo will not work for this turn: it holds more than 20 files."]);
    expect((await bench.undo.list())[0]).toContain("can't be undone: it holds more than 20 files");
    await expect(bench.back()).rejects.toThrow("can't be undone: it holds more than 20 files");
    expect(await bench.back("1")).toContain("28 files created");
  });

  test("no time: what was not copied is named", async () => {
    await reopen({ limits: { copyMs: 0 } });
    await bench.run("echo x > a");
    await bench.keep();
    expect(bench.notices).toEqual(["Undo can't bring back a (2 B, it would have taken too long)."]);
  });

  test("the oldest go when there are too many, or they take too much, and their contents with them", async () => {
    await reopen({ limits: { retention: { snapshots: 3, bytes: 1e9 } } });
    for (let turn = 1; turn <= 6; turn++)
      await bench.turn(`echo ${turn} > a; head -c 1000 /dev/urandom > f${turn % 2}`);
    const ids = (await bench.undo.list()).map((line) => line.trim().split(" ")[0]);
    expect(ids).toEqual(["6", "5", "4"]);
    const contents = await bench.store.database.all("SELECT hash FROM snapshot_contents");
    const files = readdirSync(join(bench.snapshots, "contents"), { recursive: true, withFileTypes: true });
    expect(files.filter((each) => each.isFile())).toHaveLength(contents.length);
    expect(contents.length).toBeLessThan(13);
    await bench.back("4");
    expect((await bench.run("cat a")).stdout).toBe("3\n");
    await reopen({ limits: { retention: { snapshots: 50, bytes: 5000 } } });
    for (let turn = 1; turn <= 5; turn++) await bench.turn("head -c 2000 /dev/urandom > a");
    const left = await bench.undo.list();
    expect(left.length).toBeGreaterThan(1);
    expect(left.length).toBeLessThan(5);
  });
});

describe("shared folders", () => {
  test("one that can be written is put back too; one that can only be read is not even looked at", async () => {
    const source = bench.root;
    for (const name of ["own", "read", "deep"]) mkdirSync(join(source, name), { mode: 0o777 });
    for (const name of ["own", "read", "deep"]) chmodSync(join(source, name), 0o777);
    writeFileSync(join(source, "own", "plan.md"), "mine", { mode: 0o666 });
    chmodSync(join(source, "own", "plan.md"), 0o666);
    mkdirSync(join(source, "own", ".git"));
    writeFileSync(join(source, "own", ".git", "HEAD"), "ref");
    writeFileSync(join(source, "own", ".env"), "KEY=1", { mode: 0o600 });
    writeFileSync(join(source, "read", "book.md"), "text");
    await using sharing = await UndoBench.open({
      mounts: [
        { name: "read", source: join(source, "read"), canWrite: false },
        { name: "own", source: join(source, "own"), canWrite: true },
      ],
    });
    await sharing.run("echo w > note");
    await sharing.turn(
      "echo other > note; cd extra/own; echo theirs > plan.md; mkdir sub; echo x > sub/y; mkdir .vscode",
    );
    writeFileSync(join(source, "read", "book.md"), "the owner's own change");
    writeFileSync(join(source, "own", ".env"), "KEY=2", { mode: 0o600 });
    const said = await sharing.back();
    expect(said).toContain("2 files changed, 1 created");
    expect((await sharing.run("cat note")).stdout).toBe("w\n");
    expect(readFileSync(join(source, "own", "plan.md"), "utf8")).toBe("mine");
    expect(readdirSync(join(source, "own")).sort()).toEqual([".env", ".git", ".vscode", "plan.md"]);
    expect(readFileSync(join(source, "own", ".env"), "utf8")).toBe("KEY=2");
    expect(readFileSync(join(source, "read", "book.md"), "utf8")).toBe("the owner's own change");
  });
});

describe("who may, and when", () => {
  test("the decision stands in the audit log before anything is touched", async () => {
    await bench.turn("echo x > a");
    await bench.back();
    const rows = await bench.store.database.all("SELECT action, verdict, object FROM audit ORDER BY id");
    expect(rows.at(-1)).toMatchObject({ action: "files.restore", verdict: "allow" });
    expect(rows.at(-1)?.["object"]).toStartWith("snapshot 1 of 20");
  });

  test("the model is told that what it wrote is gone", async () => {
    await bench.turn("echo x > a");
    await bench.back();
    const rows = await bench.store.database.all("SELECT kind, body FROM entries");
    expect(rows).toHaveLength(1);
    expect(rows[0]?.["body"]).toContain("The owner has put the files back");
  });

  test("while another process is at work in the group, undo says so and waits", async () => {
    await bench.turn("echo x > a");
    const other = Bun.spawn(["sleep", "60"]);
    const stat = readFileSync(`/proc/${other.pid}/stat`, "utf8").split(") ")[1] ?? "";
    const holder = {
      pid: other.pid,
      pidStart: stat.split(" ")[19] ?? "",
      bootId: readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim(),
    };
    await bench.store.database.transaction((tx) =>
      takeLease(tx, bench.group.id, holder, { now: 0, isAlive: () => true }),
    );
    const told: number[] = [];
    const waiting = bench.undo.prepare(
      undefined,
      async (pid) => {
        told.push(pid);
        other.kill();
      },
      never,
    );
    await using prepared = await waiting;
    expect(told).toEqual([other.pid]);
    expect(prepared?.summary).toContain("1 file created");
  });
});

test("a damaged content is noticed: what it was stays as it is now, the rest is put back", async () => {
  await bench.run("echo one > a; echo two > b");
  await bench.turn("echo x > a; echo y > b");
  const hash = new Bun.CryptoHasher("sha256").update("one\n").digest("hex");
  writeFileSync(join(bench.snapshots, "contents", hash.slice(0, 2), hash), "onX\n");
  expect(await bench.back()).toContain("Not undone, because what was kept of it is damaged: a");
  expect((await bench.run("cat a b")).stdout).toBe("x\ntwo\n");
});

test("what was hidden when a turn began and no longer is stays as it is", async () => {
  const source = join(bench.root, "lent");
  for (const folder of [source, join(source, "diary")]) {
    mkdirSync(folder);
    chmodSync(folder, 0o777);
  }
  for (const path of ["diary/page", "draft", "note"]) {
    writeFileSync(join(source, path), `my ${path}`);
    chmodSync(join(source, path), 0o666);
  }
  await using other = await UndoBench.open({
    root: bench.root,
    mounts: [{ name: "lent", source, canWrite: true }],
    hiddenNames: ["diary", "draft"],
  });
  await other.turn("echo changed > extra/lent/note; cat extra/lent/draft");
  expect(await other.back()).toContain("To take this back");
  const read = (path: string) => readFileSync(join(source, path), "utf8");
  expect(["diary/page", "draft", "note"].map(read)).toEqual(["my diary/page", "my draft", "my note"]);
});

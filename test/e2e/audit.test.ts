import { Database } from "bun:sqlite";
import { join } from "node:path";
import { expect, test } from "bun:test";
import { ProgramBench, shell } from "../fakes/program-bench.ts";

/** By someone who has the file. */
function tamper(bench: ProgramBench, sql: string): void {
  using database = new Database(join(bench.state, "nanoclaw.db"));
  for (const name of ["changed", "shortened"]) database.run(`DROP TRIGGER IF EXISTS audit_is_not_${name}`);
  database.run(sql);
}

test("what was decided is shown, with who, where and why, and neither words nor secrets", async () => {
  await using bench = await ProgramBench.open({
    script: [{ calls: [shell("ls /; echo a-private-word")] }, { text: "Done." }],
  });
  await bench.ask("a-secret-wish");
  const { out } = await bench.run(["audit"]);
  expect(out).toMatch(/allow  main +owner +turn\.start /);
  expect(out).toMatch(/allow  main +agent for owner +command\.run +\$ ls /);
  expect(out).toMatch(/allow  –  +owner +audit\.read +all groups/);
  expect(out).not.toContain("a-secret-wish");
  const rows = JSON.parse((await bench.run(["audit", "-g", "main", "-n", "2", "--json"])).out) as readonly {
    readonly group: string;
    readonly actor: { readonly kind: string };
  }[];
  expect(rows.map(({ group }) => group)).toEqual(["main", "main"]);
  const nothing = await bench.run(["audit", "--refused", "--since", "1h"]);
  expect([nothing.out, nothing.code]).toEqual(["Nothing of that kind was decided.\n", 0]);
  expect((await bench.run(["audit", "-g", "famly"])).err).toContain("famly");
});

test("the log is walked against the end that status showed, or one that was written down", async () => {
  await using bench = await ProgramBench.open({ script: () => ({ text: "Yes." }) });
  await bench.ask("hi");
  const head = /Audit +(\d+:[0-9a-f]{16})/.exec((await bench.run(["status"])).out)?.[1] ?? "none";
  await bench.ask("again");
  const whole = await bench.run(["audit", "--verify", "--head", head]);
  expect(whole.out).toMatch(/^✓ The audit log is whole: \d+ rows/);
  expect(whole.out).toContain(`goes on from row ${head.split(":")[0]} as you were shown it`);
  const other = await bench.run(["audit", "--verify", "--head", `${head.split(":")[0]}:0000000000000000`]);
  expect([other.code, other.err]).toEqual([1, expect.stringContaining("not the one that you wrote down")]);
  tamper(bench, "UPDATE audit SET object = 'nothing' WHERE id = 2");
  const changed = await bench.run(["audit", "--verify"]);
  expect([changed.code, changed.err]).toEqual([1, expect.stringContaining("row 2")]);
});

test("a log that was cut off or rewritten after it was shown is found out", async () => {
  await using bench = await ProgramBench.open({ script: () => ({ text: "Yes." }) });
  for (const text of ["one", "two", "three"]) await bench.ask(text);
  await bench.run(["audit", "--verify"]);
  // The sequence too, so that no gap is left.
  tamper(bench, "DELETE FROM audit WHERE id > 2");
  tamper(bench, "UPDATE sqlite_sequence SET seq = 2 WHERE name = 'audit'");
  const cut = await bench.run(["audit", "--verify"]);
  expect([cut.code, cut.err]).toEqual([1, expect.stringContaining("when last shown")]);
  // Without the end that was shown the same log would pass for whole.
  tamper(bench, "DELETE FROM audit_shown");
  expect((await bench.run(["audit", "--verify"])).code).toBe(0);
});

test("what is added is told at once, and Ctrl-C ends it", async () => {
  await using bench = await ProgramBench.open({ script: () => ({ text: "Yes." }) });
  await bench.run(["groups", "add", "family"]);
  await bench.run(["sessions", "list", "-g", "family"]);
  const running = bench.start(["audit", "-f", "-g", "family", "--json"]);
  await running.waitForOut("session.list");
  await bench.ask("again", "-g", "family");
  await running.waitForOut("turn.start");
  running.kill("SIGINT");
  expect((await running.ended).err).toBe("");
});

import { expect, test } from "bun:test";
import { createAgentActor, createTerminalOwner } from "../../src/authority/actor.ts";
import { verifyAudit } from "../../src/authority/audit.ts";
import { createAuthority } from "../../src/authority/authority.ts";
import { clean } from "../../src/authority/taint.ts";
import { systemClock } from "../../src/clock.ts";
import type { Database } from "../../src/store/database.ts";
import { openTemporaryStore } from "../fakes/temporary-store.ts";

const agent = createAgentActor(createTerminalOwner(1000, "main"), "main");
const columns = [
  ...[
    "at",
    "actor_kind",
    "actor_via",
    "actor_id",
    "actor_group",
    "behalf",
    "object_group",
    "object",
    "action",
  ],
  ...["verdict", "rule", "reason", "taint", "previous_hash", "hash"],
];

test.each(columns)("a change of %s in any row is found", async (column) => {
  for (const id of [1, 4, 8]) {
    await using log = await openLog();
    const changed = `CASE WHEN typeof(${column}) = 'integer' THEN ${column} + 1 WHEN ${column} IS NULL THEN 'x'
      WHEN '${column}' = 'verdict' THEN iif(verdict = 'deny', 'allow', 'deny') ELSE ${column} || 'x' END`;
    await tamper(log.database, `UPDATE audit SET ${column} = ${changed} WHERE id = ${id}`);
    expect(await verifyAudit(log.database)).toMatchObject({ isIntact: false, brokenAt: id });
  }
});

test.each(["actor_group", "behalf", "object_group", "reason"])("emptying %s is found", async (column) => {
  await using log = await openLog();
  await tamper(log.database, `UPDATE audit SET ${column} = NULL WHERE id = 2`);
  expect(await verifyAudit(log.database)).toMatchObject({ isIntact: false, brokenAt: 2 });
});

test.each([
  ["the first row", "id = 1", 1],
  ["a row in the middle", "id = 4", 4],
  ["the last row", "id = 8", 8],
  ["the end", "id > 5", 6],
  ["all of it", "TRUE", 1],
])("deleting %s is found", async (_, condition, brokenAt) => {
  await using log = await openLog();
  await tamper(log.database, `DELETE FROM audit WHERE ${condition}`);
  expect(await verifyAudit(log.database)).toMatchObject({ isIntact: false, brokenAt });
});

test("a deleted end is still found when others have written behind it", async () => {
  await using log = await openLog();
  await tamper(log.database, "DELETE FROM audit WHERE id = 8");
  await log.decide("later");
  expect(await verifyAudit(log.database)).toMatchObject({ isIntact: false, brokenAt: 8 });
});

test("two rows that changed places are found", async () => {
  await using log = await openLog();
  await tamper(
    log.database,
    "UPDATE audit SET id = -id WHERE id IN (3, 4); UPDATE audit SET id = 7 + id WHERE id < 0",
  );
  expect(await verifyAudit(log.database)).toMatchObject({ isIntact: false, brokenAt: 3 });
});

test("a row slipped in is found", async () => {
  await using log = await openLog();
  await tamper(log.database, "UPDATE audit SET id = id + 100 WHERE id > 4");
  expect(await verifyAudit(log.database)).toMatchObject({ isIntact: false, brokenAt: 5 });
});

test("a log that was rewritten as a whole is found against the head that was shown", async () => {
  await using log = await openLog();
  const report = await verifyAudit(log.database);
  const shown = report.isIntact ? report.head : undefined;
  await tamper(log.database, "DELETE FROM audit; DELETE FROM sqlite_sequence WHERE name = 'audit'");
  for (let count = 0; count < 9; count++) await log.decide("forged");
  // With nothing shown before, a consistent forgery can't be told from the truth: the stated limit.
  expect(await verifyAudit(log.database)).toMatchObject({ isIntact: true });
  expect(await verifyAudit(log.database, shown)).toMatchObject({ isIntact: false, brokenAt: 8 });
});

test("a log cut back behind the head that was shown is found", async () => {
  await using log = await openLog();
  const report = await verifyAudit(log.database);
  const shown = report.isIntact ? report.head : undefined;
  await tamper(
    log.database,
    "DELETE FROM audit WHERE id > 5; UPDATE sqlite_sequence SET seq = 5 WHERE name = 'audit'",
  );
  expect(await verifyAudit(log.database)).toMatchObject({ isIntact: true });
  expect(await verifyAudit(log.database, shown)).toMatchObject({ isIntact: false, brokenAt: 6 });
});

test("an untouched log is intact, also against what was shown and what came since", async () => {
  await using log = await openLog();
  const report = await verifyAudit(log.database);
  const shown = report.isIntact ? report.head : undefined;
  await log.decide("later");
  expect(await verifyAudit(log.database, shown)).toMatchObject({ isIntact: true, head: { id: 9 } });
});

test.each([
  "UPDATE audit SET verdict = 'allow'",
  "DELETE FROM audit",
  "REPLACE INTO audit SELECT * FROM audit",
])("through the store the log can't be changed: %s", async (sql) => {
  await using log = await openLog();
  const attempt = log.database.transaction((tx) => tx.run(sql));
  expect(String(await attempt.catch((error: unknown) => error))).toContain("append-only");
  expect(await verifyAudit(log.database)).toMatchObject({ isIntact: true });
});

test("with the triggers away the same statement goes through: it is they that hold it", async () => {
  await using log = await openLog();
  await tamper(log.database, "DELETE FROM audit");
  expect(await log.database.all("SELECT id FROM audit")).toEqual([]);
});

test("what an attacker names a thing can't break a row, a line or the chain", async () => {
  await using log = await openLog();
  const names = [
    '","verdict":"allow","x":"',
    "a\nat=1 verdict=allow",
    "'; DELETE FROM audit; --",
    "\u001b]0;owned\u0007",
    "\ud800",
    "x".repeat(1_000_000),
    "sk-ant-api03-CANARYCANARYCANARY",
  ];
  for (const name of names) await log.decide(name);
  expect(await verifyAudit(log.database)).toMatchObject({ isIntact: true, head: { id: 8 + names.length } });
  const stored = JSON.stringify(await log.database.all("SELECT object FROM audit"));
  expect(stored).not.toContain("CANARY");
  expect(stored).not.toMatch(/\\u00|\\n/);
  expect(stored.length).toBeLessThan(3_000);
});

async function openLog() {
  const store = await openTemporaryStore();
  const authority = createAuthority({ database: store.database, clock: systemClock });
  async function decide(name: string): Promise<void> {
    await authority.decide(agent, "config.write", { group: "main", name }, clean);
  }
  for (let count = 1; count <= 8; count++) await decide(`setting ${count}`);
  return { database: store.database, decide, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
}

/** As someone who has the file: what the store's triggers forbid is put aside first. */
async function tamper(database: Database, sql: string): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.run("DROP TRIGGER audit_is_not_changed");
    await tx.run("DROP TRIGGER audit_is_not_shortened");
    for (const statement of sql.split(";")) await tx.run(statement);
  });
}

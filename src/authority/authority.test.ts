import { expect, test } from "bun:test";
import { openTemporaryStore } from "../../test/fakes/temporary-store.ts";
import { systemClock } from "../clock.ts";
import { listAuditRows } from "../store/audit-rows.ts";
import { setLevel } from "../store/group-level.ts";
import { getGroup } from "../store/groups.ts";
import { openStore } from "../store/store.ts";
import { createAgentActor, createTerminalOwner } from "./actor.ts";
import { verifyAudit } from "./audit.ts";
import { createAuthority, decideIn } from "./authority.ts";
import { clean } from "./taint.ts";

const owner = createTerminalOwner(1000, "main");
const agent = createAgentActor(owner, "main");
const clock = { ...systemClock, now: () => 1_000 };

test("a decision is on disk before it is known", async () => {
  await using store = await openTemporaryStore();
  const authority = createAuthority({ database: store.database, clock });
  const taint = { sawUntrusted: true, readPrivate: false };
  const decision = await authority.decide(agent, "command.run", { group: "main", name: "ls" }, taint);
  await using other = await openStore({ folder: store.folder, clock }, new AbortController().signal);
  expect(decision).toEqual({ verdict: "allow", rule: "command.run/agent=own" });
  expect(await listAuditRows(other.database, 0, 10)).toMatchObject([
    {
      id: 1,
      at: 1_000,
      actorKind: "agent",
      actorVia: "terminal",
      actorId: "1000",
      actorGroup: "main",
      behalf: "owner",
      objectGroup: "main",
      object: "ls",
      action: "command.run",
      verdict: "allow",
      rule: "command.run/agent=own",
      reason: undefined,
      taint: 1,
    },
  ]);
});

test("a refusal is recorded with its reason", async () => {
  await using store = await openTemporaryStore();
  const authority = createAuthority({ database: store.database, clock });
  const decision = await authority.decide(agent, "config.write", { name: "apiBase" }, clean);
  expect(decision).toMatchObject({ verdict: "deny", rule: "config.write/agent=no" });
  expect(await listAuditRows(store.database, 0, 10)).toMatchObject([
    { verdict: "deny", objectGroup: undefined, reason: "The assistant may not do this; the owner can." },
  ]);
});

test("a decision within a transaction shares its fate", async () => {
  await using store = await openTemporaryStore();
  const { database } = store;
  const question = {
    actor: owner,
    action: "turn.start",
    object: { group: "main", name: "turn" },
    taint: clean,
  };
  const failed = database.transaction(async (tx) => {
    await decideIn(tx, { ...question, action: "turn.start" }, 1);
    throw new Error("no");
  });
  expect(failed).rejects.toThrow("no");
  expect(await verifyAudit(database)).toMatchObject({ isIntact: true, head: { id: 0 } });
  await database.transaction((tx) => decideIn(tx, { ...question, action: "turn.start" }, 1));
  expect(await verifyAudit(database)).toMatchObject({ isIntact: true, head: { id: 1 } });
});

test("decisions asked for at once form one chain", async () => {
  await using store = await openTemporaryStore();
  const authority = createAuthority({ database: store.database, clock });
  await using other = await openStore({ folder: store.folder, clock }, new AbortController().signal);
  const second = createAuthority({ database: other.database, clock });
  await Promise.all(
    Array.from({ length: 700 }, (_, index) =>
      (index % 2 === 0 ? authority : second).decide(
        agent,
        "files.read",
        { group: "main", name: `${index}` },
        clean,
      ),
    ),
  );
  expect(await verifyAudit(store.database)).toMatchObject({ isIntact: true, head: { id: 700 } });
});

test("without a place to record it there is no decision", async () => {
  await using store = await openTemporaryStore();
  const authority = createAuthority({ database: store.database, clock });
  await store.database.transaction((tx) =>
    tx.run("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT raise(ABORT, 'the log is gone'); END"),
  );
  const decision = authority.decide(agent, "files.read", { group: "main", name: "x" }, clean);
  expect(decision).rejects.toThrow("the log is gone");
});

test("the level is that of the assistant's own group, whatever group it acts on, and the strictest for one that is gone", async () => {
  await using store = await openTemporaryStore();
  const authority = createAuthority({ database: store.database, clock });
  const main = await getGroup(store.database, "main");
  const add = (group: string) => authority.decide(agent, "groups.add", { group, name: "x" }, clean);
  expect((await add("not-yet")).verdict).toBe("allow");
  await store.database.transaction((tx) => setLevel(tx, main.id, "locked"));
  expect(await add("not-yet")).toMatchObject({ verdict: "ask", rule: "govern-locked" });
  const lost = { ...agent, group: "gone" };
  const run = await authority.decide(lost, "command.run", { group: "gone", name: "ls" }, clean);
  expect(run).toMatchObject({ verdict: "ask", rule: "change-locked" });
});

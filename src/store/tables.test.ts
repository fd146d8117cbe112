import { expect, test } from "bun:test";
import { openTemporaryStore } from "../../test/fakes/temporary-store.ts";
import type { Message } from "../providers/provider.ts";
import type { Transaction } from "./database.ts";
import { appendEntries, countEntries, listEntries, loadTranscript, type NewEntry } from "./entries.ts";
import { findSharedFolder, listSharedFolders, rememberSharedFolder } from "./folders.ts";
import {
  addGroup,
  addGroupTaint,
  clearGroupTaint,
  findGroup,
  getGroup,
  listGroups,
  summarizeGroups,
} from "./groups.ts";
import type { Holder } from "./holder.ts";
import type { GroupId, SessionId } from "./ids.ts";
import { appendJournal, listJournal } from "./journal.ts";
import { takeLease } from "./leases.ts";
import {
  ensureCurrentSession,
  ensureNamedSession,
  findCurrentSession,
  setSessionPrefix,
  startSession,
} from "./sessions.ts";
import type { Store } from "./store.ts";
import { beginTurn, findTurn, finishTurn } from "./turns.ts";
import { addUsageRow, sumUsage } from "./usage.ts";

const now = Date.UTC(2026, 0, 31, 12);
const holder: Holder = { pid: 1, pidStart: "1", bootId: "boot" };

const conversation: readonly Message[] = [
  { role: "user", content: [{ type: "text", text: "héllo 👋\u0000" }] },
  {
    role: "assistant",
    content: [
      { type: "thinking", text: "hm", signature: "s" },
      { type: "thinking", text: "hm" },
      { type: "text", text: "Let me look." },
      { type: "tool-call", id: "c1", name: "shell", arguments: '{"command":"ls"}' },
    ],
  },
  { role: "tool", callId: "c1", name: "shell", content: "a\nb", isError: false },
];

test("groups keep the order they were made in, and no uid comes twice", async () => {
  await using store = await openTemporaryStore();
  const { database } = store;
  await database.transaction((tx) => addGroup(tx, { name: "family", title: "The family", now }));
  await database.transaction((tx) => tx.run("DELETE FROM groups WHERE name = 'family'"));
  await database.transaction((tx) => addGroup(tx, { name: "work", now }));
  const groups = await listGroups(database);
  expect(groups.map(({ name, uid }) => [name, uid])).toEqual([
    ["main", 200001],
    ["work", 200003],
  ]);
  expect(await findGroup(database, "family")).toBeUndefined();
  expect(groups[1]).toMatchObject({ title: undefined, createdAt: new Date(now), taint: 0 });
});

test.each(["", "-a", "_a", "a b", "a/b", "..", "ä", "a".repeat(65), "a\n"])(
  "%j can't be the name of a group",
  async (name) => {
    await using store = await openTemporaryStore();
    expect(store.database.transaction((tx) => addGroup(tx, { name, now }))).rejects.toMatchObject({
      code: "usage",
    });
    const past = store.database.transaction((tx) =>
      tx.run("INSERT INTO groups (name, created_at) VALUES (?, 0)", name),
    );
    expect(String(await past.catch((error: unknown) => error))).toContain("CHECK");
  },
);

test.each(["main", "MAIN"])("there is one group whose folder is %s", async (name) => {
  await using store = await openTemporaryStore();
  expect(store.database.transaction((tx) => addGroup(tx, { name, now }))).rejects.toMatchObject({
    code: "conflict",
    message: 'There is a group "main" already.',
  });
});

test("an unknown group is refused by naming those that there are", async () => {
  await using store = await openTemporaryStore();
  expect(getGroup(store.database, "famly")).rejects.toMatchObject({
    code: "not-found",
    message: 'Unknown group "famly".',
    hint: expect.stringContaining("Known: main."),
  });
});

test("a group's taint adds up until it is cleared", async () => {
  await using store = await openTemporaryStore();
  const { database, group } = await begin(store);
  await database.transaction((tx) => addGroupTaint(tx, group, 1));
  await database.transaction((tx) => addGroupTaint(tx, group, 2));
  expect((await getGroup(database, "main")).taint).toBe(3);
  await database.transaction((tx) => clearGroupTaint(tx, group));
  expect((await getGroup(database, "main")).taint).toBe(0);
});

test("a group has one current session, and a new one begins untainted", async () => {
  await using store = await openTemporaryStore();
  const { database, group, session } = await begin(store);
  await append(store, session, [{ kind: "user", message: conversation[0] as Message, taint: 1 }]);
  expect(await database.transaction((tx) => ensureCurrentSession(tx, group, now))).toMatchObject({
    id: session,
    isCurrent: true,
    taint: 1,
  });
  const next = await database.transaction((tx) => startSession(tx, group, now));
  expect(await findCurrentSession(database, group)).toEqual(next);
  expect(next).toMatchObject({ isCurrent: true, taint: 0, prefix: undefined, name: undefined });
  expect(await countEntries(database, session)).toBe(1);
});

test("a named session is found again and leaves the current one alone", async () => {
  await using store = await openTemporaryStore();
  const { database, group, session } = await begin(store);
  const named = await database.transaction((tx) => ensureNamedSession(tx, group, "taxes", now));
  expect(await database.transaction((tx) => ensureNamedSession(tx, group, "taxes", now))).toEqual(named);
  expect(named).toMatchObject({ name: "taxes", isCurrent: false });
  expect((await findCurrentSession(database, group))?.id).toBe(session);
});

test("a session keeps its prefix byte for byte", async () => {
  await using store = await openTemporaryStore();
  const { database, group, session } = await begin(store);
  const prefix = { text: "You are…\r\n\t ", hash: "abc" };
  await database.transaction((tx) => setSessionPrefix(tx, session, prefix));
  expect((await findCurrentSession(database, group))?.prefix).toEqual(prefix);
});

test("a conversation comes back as it was, with the taint of all its entries", async () => {
  await using store = await openTemporaryStore();
  const { database, session } = await begin(store);
  const [user, assistant, tool] = conversation as readonly [Message, Message, Message];
  expect(await append(store, session, [{ kind: "user", message: user, taint: 1 }])).toBe(1);
  const rest: NewEntry[] = [
    { kind: "assistant", message: assistant, taint: 0 },
    { kind: "tool", message: tool, taint: 2 },
  ];
  expect(await append(store, session, rest)).toBe(3);
  expect(await loadTranscript(database, session)).toMatchObject({ messages: conversation, taint: 3 });
  const entries = await listEntries(database, session);
  expect(entries.map(({ sequence, kind, turn }) => [sequence, kind, turn])).toEqual([
    [1, "user", undefined],
    [2, "assistant", undefined],
    [3, "tool", undefined],
  ]);
});

test.each(["{", "null", "[]", '{"role":"user"}', '{"role":"user","content":[{"type":"tool-call"}]}'])(
  "the stored entry %s is refused in words",
  async (body) => {
    await using store = await openTemporaryStore();
    const { database, session } = await begin(store);
    await append(store, session, [{ kind: "user", message: conversation[0] as Message, taint: 0 }]);
    await database.transaction((tx) => tx.run("UPDATE entries SET body = ?", body));
    expect(loadTranscript(database, session)).rejects.toMatchObject({
      code: "store",
      message: "The stored conversation can't be read (entry 1).",
    });
  },
);

test("a turn is written from its beginning to its end", async () => {
  await using store = await openTemporaryStore();
  const { database, group, session } = await begin(store);
  const turn = await database.transaction((tx) => startTurn(tx, group, session));
  expect(await findTurn(database, turn)).toMatchObject({ state: "running", epoch: 1, endedAt: undefined });
  const result = { state: "limit", text: "as far as I got", reason: "steps", taint: 1, now } as const;
  await database.transaction((tx) => finishTurn(tx, turn, result));
  expect(await findTurn(database, turn)).toMatchObject({
    state: "limit",
    text: "as far as I got",
    reason: "steps",
    taint: 1,
    endedAt: new Date(now),
  });
  expect(database.transaction((tx) => finishTurn(tx, turn, result))).rejects.toMatchObject({
    code: "conflict",
  });
});

test("the journal keeps every event but the deltas, in order over several writes", async () => {
  await using store = await openTemporaryStore();
  const { database, group, session } = await begin(store);
  const turn = await database.transaction((tx) => startTurn(tx, group, session));
  const first = [{ type: "turn-start", turn: "1" }, { type: "text-delta", text: "H" }, { type: "retry" }];
  await database.transaction((tx) => appendJournal(tx, turn, first, now));
  await database.transaction((tx) => appendJournal(tx, turn, [{ type: "turn-end" }], now + 1));
  expect(await listJournal(database, turn)).toEqual([
    { sequence: 1, at: new Date(now), event: { type: "turn-start", turn: "1" } },
    { sequence: 2, at: new Date(now), event: { type: "retry" } },
    { sequence: 3, at: new Date(now + 1), event: { type: "turn-end" } },
  ]);
});

test("usage is added up over a session's turns, and groups are summed up", async () => {
  await using store = await openTemporaryStore();
  const { database, group, session } = await begin(store);
  expect(await sumUsage(database, session)).toMatchObject({ inputTokens: 0, cacheWriteTokens: 0 });
  const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 };
  await database.transaction(async (tx) => {
    const turn = await startTurn(tx, group, session);
    for (const model of ["a", "b"]) await addUsageRow(tx, { turn, provider: "p", model, usage, now });
  });
  expect(await sumUsage(database, session)).toEqual({
    inputTokens: 2,
    outputTokens: 4,
    cacheReadTokens: 6,
    cacheWriteTokens: 8,
  });
  await append(store, session, [{ kind: "user", message: conversation[0] as Message, taint: 0 }]);
  await database.transaction((tx) => ensureNamedSession(tx, group, "taxes", now));
  expect(await summarizeGroups(database)).toMatchObject([{ name: "main", sessions: 2, entries: 1 }]);
});

test("what was said about a folder holds for that group, and the last word counts", async () => {
  await using store = await openTemporaryStore();
  const { database, group } = await begin(store);
  const work = await database.transaction((tx) => addGroup(tx, { name: "work", now }));
  for (const access of ["none", "write"] as const) {
    await database.transaction((tx) => rememberSharedFolder(tx, group, { path: "/srv/photos", access, now }));
  }
  expect(await findSharedFolder(database, group, "/srv/photos")).toEqual({
    path: "/srv/photos",
    access: "write",
    decidedAt: new Date(now),
  });
  expect(await listSharedFolders(database, group)).toHaveLength(1);
  expect(await findSharedFolder(database, group, "/srv")).toBeUndefined();
  expect(await findSharedFolder(database, work.id, "/srv/photos")).toBeUndefined();
});

async function begin(store: Store) {
  const { database } = store;
  const group = (await getGroup(database, "main")).id;
  const session = await database.transaction((tx) => ensureCurrentSession(tx, group, now));
  return { database, group, session: session.id };
}

function append(store: Store, session: SessionId, entries: readonly NewEntry[]): Promise<number> {
  return store.database.transaction((tx) => appendEntries(tx, entries, { session, now }));
}

async function startTurn(tx: Transaction, group: GroupId, session: SessionId) {
  const lease = await takeLease(tx, group, holder, { now, isAlive: () => false });
  if (lease.type !== "taken") throw new Error("The lease is held.");
  return beginTurn(tx, { group, session, epoch: lease.epoch, model: "m", taint: 0, now });
}

import { expect, test } from "bun:test";
import { openTemporaryStore } from "../../test/fakes/temporary-store.ts";
import { dropOldRecords } from "./old-records.ts";
import { toGroupId } from "./ids.ts";
import { indexEntries, searchIndex } from "./recall-index.ts";
import type { Store } from "./store.ts";

const day = 86_400_000;
const group = toGroupId(1);

/** For each of `days` days back a message that was answered: its turn, its journal, its reply. */
async function fill(store: Store, days: number, now: number): Promise<void> {
  await store.database.transaction(async (tx) => {
    await tx.run(
      "INSERT INTO chats (channel, account, chat, is_private, created_at) VALUES ('m', 'a', 'c', 1, 0)",
    );
    await tx.run("INSERT INTO sessions (group_id, created_at) VALUES (1, 0)");
    for (let back = days; back >= 1; back--) {
      const at = now - back * day;
      const turn = await tx.run(
        "INSERT INTO turns (group_id, session_id, state, epoch, model, started_at, ended_at) VALUES (1, 1, 'done', 1, 'x', ?, ?)",
        at,
        at,
      );
      for (const sequence of [1, 2])
        await tx.run("INSERT INTO journal VALUES (?, ?, ?, '{}')", turn.lastId, sequence, at);
      const message = await tx.run(
        `INSERT INTO messages (chat_id, message, person_kind, group_id, state, body, received_at, ended_at, turn_id)
         VALUES (1, ?, 'owner', 1, 'answered', '{}', ?, ?, ?)`,
        `m${back}`,
        at,
        at,
        turn.lastId,
      );
      await tx.run(
        `INSERT INTO replies (key, chat_id, group_id, turn_id, message_id, kind, text, state, created_at, ended_at)
         VALUES (?, 1, 1, ?, ?, 'answer', '', 'sent', ?, ?)`,
        `k${back}`,
        turn.lastId,
        message.lastId,
        at,
        at,
      );
    }
  });
}

const count = async (store: Store, table: string): Promise<unknown> =>
  (await store.database.get(`SELECT count(*) AS n FROM ${table}`))?.["n"];

test("what ended longer ago than is kept goes, in batches, and all else stays", async () => {
  await using store = await openTemporaryStore();
  const now = 2_000 * day;
  await fill(store, 900, now);
  const signal = new AbortController().signal;
  const limits = { journalBefore: now - 90 * day, messagesBefore: now - 365 * day };
  expect(await dropOldRecords(store.database, limits, signal)).toEqual({
    turns: 810,
    sessions: 0,
    messages: 535,
    replies: 535,
  });
  expect([
    await count(store, "journal"),
    await count(store, "messages"),
    await count(store, "turns"),
  ]).toEqual([180, 365, 900]);
  expect(await dropOldRecords(store.database, limits, signal)).toMatchObject({ messages: 0, replies: 0 });
});

test("what has not ended stays, however old, with the message that it answers", async () => {
  await using store = await openTemporaryStore();
  const now = 2_000 * day;
  await fill(store, 4, now);
  await store.database.transaction(async (tx) => {
    await tx.run("UPDATE messages SET state = 'claimed', ended_at = NULL WHERE id = 1");
    await tx.run("UPDATE replies SET state = 'pending', ended_at = NULL WHERE id = 2");
    await tx.run("UPDATE turns SET state = 'running', ended_at = NULL WHERE id = 3");
    await tx.run("UPDATE messages SET state = 'overheard', ended_at = NULL WHERE id = 4");
  });
  const limits = { journalBefore: now, messagesBefore: now };
  await dropOldRecords(store.database, limits, new AbortController().signal);
  const ids = async (sql: string): Promise<unknown[]> => (await store.database.all(sql)).map(({ id }) => id);
  expect(await ids("SELECT id FROM messages ORDER BY id")).toEqual([1, 2]);
  expect(await ids("SELECT id FROM replies")).toEqual([2]);
  expect(await ids("SELECT DISTINCT turn_id AS id FROM journal")).toEqual([3]);
});

test("what was said in old runs of tasks goes, out of the index of words too; conversations and the latest run stay", async () => {
  await using store = await openTemporaryStore();
  const { database } = store;
  const now = 2_000 * day;
  await database.transaction(async (tx) => {
    await tx.run(
      `INSERT INTO tasks (group_id, name, prompt, kind, rule, anchor, context, missed, most_missed, overlap, is_delivered,
         may_make_tasks, state, creator_kind, is_made_by_agent, created_at, updated_at)
       VALUES (1, 'x', 'x', 'once', '1', 0, 'isolated', 'once', 1, 'forbid', 1, 0, 'done', 'owner', 0, 0, 0)`,
    );
    const say = async (name: string | null, isRun: boolean, at: number, word: string): Promise<void> => {
      const { lastId } = await tx.run(
        "INSERT INTO sessions (group_id, name, task_id, created_at) VALUES (1, ?, ?, ?)",
        name,
        isRun ? 1 : null,
        at,
      );
      const body = JSON.stringify({ role: "user", content: [{ type: "text", text: `${word} pelican` }] });
      await tx.run(
        "INSERT INTO entries (session_id, sequence, kind, body, created_at) VALUES (?, 1, 'user', ?, ?)",
        lastId,
        body,
        at,
      );
    };
    await say(null, true, now - 100 * day, "oldrun");
    await say(null, false, now - 100 * day, "oldtalk");
    await say(null, true, now - day, "youngrun");
    await say("task-1", true, now - 100 * day, "lastrun");
    await say(null, true, now - 100 * day, "unindexed");
    await say(null, false, now, "talk");
    await indexEntries(tx, group);
  });
  const found = async (word: string): Promise<number> =>
    (await searchIndex(database, group, word, 10)).length;
  expect([await found("oldrun"), await found("pelican")]).toEqual([1, 6]);
  const limits = { journalBefore: now - 90 * day, messagesBefore: undefined };
  const { signal } = new AbortController();
  expect(await dropOldRecords(database, limits, signal)).toMatchObject({ sessions: 2 });
  const left = await database.all("SELECT session_id AS id FROM entries ORDER BY id");
  expect(left.map(({ id }) => id)).toEqual([2, 3, 4, 6]);
  expect([await found("oldrun"), await found("unindexed"), await found("pelican")]).toEqual([0, 0, 4]);
  expect(await dropOldRecords(database, limits, signal)).toMatchObject({ sessions: 0 });
});

test("without a limit nothing goes", async () => {
  await using store = await openTemporaryStore();
  await fill(store, 3, 2_000 * day);
  const limits = { journalBefore: undefined, messagesBefore: undefined };
  expect(await dropOldRecords(store.database, limits, new AbortController().signal)).toEqual({
    turns: 0,
    sessions: 0,
    messages: 0,
    replies: 0,
  });
  expect(await count(store, "journal")).toBe(6);
});

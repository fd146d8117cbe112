import { expect, test } from "bun:test";
import { openTemporaryStore } from "../../test/fakes/temporary-store.ts";
import { toChatId, toGroupId, type SessionId, type TurnId } from "../store/ids.ts";
import { appendEntries, type EntryKind } from "../store/entries.ts";
import { appendJournal } from "../store/journal.ts";
import { addReply } from "../store/replies.ts";
import { ensureCurrentSession } from "../store/sessions.ts";
import type { Store } from "../store/store.ts";
import { beginTurn } from "../store/turns.ts";
import { withdrawTurns } from "../store/unanswered-turns.ts";
import { tellUntoldCalls } from "./tell-untold.ts";

const group = toGroupId(1);
const now = 1;

interface Call {
  readonly title: string;
  readonly end?: { readonly isError: boolean; readonly details?: unknown };
}

/** A turn in which this was said and called. */
async function addTurn(
  store: Store,
  calls: readonly Call[],
  kind: EntryKind = "user",
): Promise<{ readonly turn: TurnId; readonly session: SessionId }> {
  return await store.database.transaction(async (tx) => {
    const { id: session } = await ensureCurrentSession(tx, group, now);
    const turn = await beginTurn(tx, { group, session, epoch: 1, model: "test", taint: 0, now });
    const message = { role: "user", content: [{ type: "text", text: "do it" }] } as const;
    await appendEntries(tx, [{ kind, message, taint: 0 }], { session, turn, now });
    const events = calls.flatMap(({ title, end }, index) => {
      const call = { callId: `c${index}`, name: "shell", title };
      const message_ = { role: "tool", callId: call.callId, name: "shell", content: "poison", ...end };
      const start = { type: "tool-start", ...call, arguments: "{}" } as const;
      return end === undefined
        ? [start]
        : [start, { type: "tool-end", title, message: message_, details: end.details }];
    });
    await appendJournal(tx, turn, events, now);
    return { turn, session };
  });
}

const done = { isError: false };

test("each call is told with how it ended, and never with what came of it", async () => {
  await using store = await openTemporaryStore();
  const { turn, session } = await addTurn(store, [
    { title: "$ echo a", end: done },
    { title: "$ false", end: { isError: true } },
    { title: "$ sleep 9" },
    { title: "send a mail", end: { isError: true, details: { waitsFor: 3 } } },
    { title: "say hello" },
    { title: `$ ${"x".repeat(300)}\nNow: never`, end: done },
  ]);
  expect(await tellUntoldCalls(store.database, session)).toBeUndefined();
  await store.database.transaction(async (tx) => {
    await withdrawTurns(tx, [turn]);
    await tx.run(
      "INSERT INTO chats (channel, account, chat, is_private, created_at) VALUES ('c', 'a', 'c1', 1, 0)",
    );
    const key = `t${turn}kc4`;
    await addReply(tx, { key, chat: toChatId(1), group, kind: "answer", text: "hello", now });
  });
  const told = (await tellUntoldCalls(store.database, session)) ?? "";
  expect(told.split("\n").slice(1)).toEqual([
    '- shell "$ echo a": done',
    '- shell "$ false": failed',
    '- shell "$ sleep 9": interrupted, it may or may not have happened',
    '- shell "send a mail": waits for the owner\'s answer, and is done when he says yes',
    '- shell "say hello": done',
    `- shell "$ ${"x".repeat(198)}…": done`,
  ]);
  expect(told).not.toContain("poison");
});

test("what a turn since was told of is told no more, and a summary is no such turn", async () => {
  await using store = await openTemporaryStore();
  const { turn, session } = await addTurn(store, [{ title: "$ echo a", end: done }]);
  await store.database.transaction((tx) => withdrawTurns(tx, [turn]));
  await addTurn(store, [], "summary");
  expect(await tellUntoldCalls(store.database, session)).toContain("$ echo a");
  const next = await addTurn(store, [{ title: "$ echo b", end: done }]);
  expect(await tellUntoldCalls(store.database, session)).toBeUndefined();
  // It failed as well: what it was told of may be why, and its own calls were told to nobody yet.
  await store.database.transaction((tx) => withdrawTurns(tx, [next.turn]));
  const told = (await tellUntoldCalls(store.database, session)) ?? "";
  expect(told.split("\n").slice(1)).toEqual(["- shell: done", '- shell "$ echo b": done']);
});

test("of very many calls the last are told, and how many there were before", async () => {
  await using store = await openTemporaryStore();
  const calls = Array.from({ length: 50 }, (_, index) => ({ title: `$ echo ${index}`, end: done }));
  const { turn, session } = await addTurn(store, calls);
  await store.database.transaction((tx) => withdrawTurns(tx, [turn]));
  const told = ((await tellUntoldCalls(store.database, session)) ?? "").split("\n");
  expect(told).toHaveLength(32);
  expect([told[1], told[2], told[31]]).toEqual([
    "- 20 earlier calls",
    '- shell "$ echo 20": done',
    '- shell "$ echo 49": done',
  ]);
});

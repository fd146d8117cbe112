import { expect, test } from "bun:test";
import { openTemporaryStore } from "../../test/fakes/temporary-store.ts";
import { createTerminalOwner } from "../authority/actor.ts";
import { formatUsage } from "../commands/usage-by.ts";
import type { Transaction } from "../store/database.ts";
import { addGroup, getGroup, type Group } from "../store/groups.ts";
import { ensureCurrentSession } from "../store/sessions.ts";
import { beginTurn } from "../store/turns.ts";
import { addUsageRow, type UsageKey } from "../store/usage.ts";
import { phrases } from "../words/english/phrases.ts";
import { readUsageBy, toTotal } from "./usage-by.ts";

const noon = new Date(2026, 10, 26, 12).getTime();
const dayMs = 86_400_000;
const prices = { "big-*": { input: 2, output: 10, cacheRead: 0.2 } };

async function use(tx: Transaction, group: Group, model: string, inputTokens: number, now: number) {
  const session = await ensureCurrentSession(tx, group.id, now);
  const turn = await beginTurn(tx, { group: group.id, session: session.id, epoch: 1, model, taint: 0, now });
  const usage = { inputTokens, outputTokens: 10, cacheReadTokens: 1000, cacheWriteTokens: 7 };
  await addUsageRow(tx, { turn, provider: "p", model, usage, now });
  return turn;
}

async function open() {
  const store = await openTemporaryStore();
  const { database } = store;
  await database.transaction((tx) => addGroup(tx, { name: "family", now: noon }));
  const [main, family] = [await getGroup(database, "main"), await getGroup(database, "family")];
  await database.transaction(async (tx) => {
    await use(tx, main, "big-1", 100, noon);
    await use(tx, main, "small", 50, noon - dayMs);
    const turn = await use(tx, family, "big-1", 300, noon - dayMs);
    await use(tx, family, "old", 9, noon - 40 * dayMs);
    const { lastId } = await tx.run(
      `INSERT INTO tasks (group_id, name, prompt, kind, rule, anchor, context, missed, most_missed, overlap, is_delivered,
         may_make_tasks, state, creator_kind, is_made_by_agent, created_at, updated_at)
       VALUES (?, 'briefing', 'x', 'interval', '1000', 0, 'isolated', 'once', 1, 'forbid', 1, 0, 'active', 'owner', 0, 0, 0)`,
      family.id,
    );
    await tx.run(
      `INSERT INTO task_runs (task_id, group_id, due_at, is_manual, state, turn_id, claimed_at)
       VALUES (?, ?, 0, 0, 'done', ?, 0)`,
      lastId,
      family.id,
      turn,
    );
  });
  const place = { store, clock: { ...clock }, group: main, actor: createTerminalOwner(0, "main") };
  const read = (by: UsageKey, isOfAll = true) => readUsageBy(place, { by, isOfAll, prices });
  return { read, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
}

const clock = { now: () => noon, monotonic: () => 0, sleep: async () => {} };

test("tokens and money by group, model, task and day: the most first, days in their order and of a month", async () => {
  await using at = await open();
  const table = async (by: UsageKey) =>
    (await at.read(by)).map(({ key, calls, usage, dollars }) => [key, calls, usage.inputTokens, dollars]);
  // 300 and 7 written at 2 dollars, 1000 read at 0.2, 10 out at 10: each of a million.
  const [main, family] = [(107 * 2 + 200 + 100) / 1e6, (307 * 2 + 200 + 100) / 1e6];
  const near = (dollars: number) => expect.closeTo(dollars, 9);
  expect(await table("group")).toEqual([
    ["family", 2, 309, near(family)],
    ["main", 2, 150, near(main)],
  ]);
  expect(await table("model")).toEqual([
    ["big-1", 2, 400, near(main + family)],
    ["small", 1, 50, undefined],
    ["old", 1, 9, undefined],
  ]);
  expect(await table("task")).toEqual([
    [undefined, 3, 159, near(main)],
    ["briefing", 1, 300, near(family)],
  ]);
  expect(await table("day")).toEqual([
    ["2026-11-25", 2, 350, near(family)],
    ["2026-11-26", 1, 100, near(main)],
  ]);
  expect((await at.read("group", false)).map(({ key }) => key)).toEqual(["main"]);
  expect(toTotal(await at.read("model"))).toMatchObject({ calls: 4, usage: { cacheReadTokens: 4000 } });
});

test("at a terminal each row has a bar of its share; elsewhere none, and a key that is text stays a line", async () => {
  await using at = await open();
  const rows = (await at.read("group")).map((row) =>
    row.key === "main" ? { ...row, key: "ma\u001b[2Jin\n" } : row,
  );
  const plain = formatUsage("group", rows, phrases, undefined);
  expect(plain).not.toMatch(/[█▏▎▍▌▋▊▉\u001b]/);
  expect(plain.trimEnd().split("\n")).toHaveLength(4);
  const drawn = formatUsage("group", rows, phrases, 100).trimEnd().split("\n");
  const bars = drawn.map((line) => Bun.stringWidth(/[█▏▎▍▌▋▊▉]+$/.exec(line)?.[0] ?? ""));
  const [head, most, less, total] = bars;
  expect([head, total]).toEqual([0, 0]);
  expect(most).toBeGreaterThan(less ?? 0);
  expect(less).toBeGreaterThan(0);
  expect(drawn.every((line) => Bun.stringWidth(line) <= 100)).toBe(true);
  // No room for a bar worth its name.
  expect(formatUsage("group", rows, phrases, 60)).toBe(plain);
  expect(formatUsage("day", [], phrases, 100)).toBe("No model was called yet.\n");
});

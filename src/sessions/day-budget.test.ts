import { expect, test } from "bun:test";
import { openGatewayBench } from "../../test/fakes/gateway.ts";
import { defaultConfig } from "../config/defaults.ts";
import type { Reader, Transaction } from "../store/database.ts";
import { addGroup, getGroup, type Group } from "../store/groups.ts";
import { ensureCurrentSession } from "../store/sessions.ts";
import { beginTurn } from "../store/turns.ts";
import { addUsageRow } from "../store/usage.ts";
import { findReached, readDayBudget, type BudgetLimits } from "./day-budget.ts";

const noon = new Date(2026, 10, 26, 12).getTime();
const day = 24 * 60 * 60_000;

const limits: BudgetLimits = {
  ...defaultConfig.limits,
  dollarsPerDay: 10,
  groupDollarsPerDay: 4,
  mainPercent: 30,
  tokensPerDay: 1000,
  groupTokensPerDay: 400,
  prices: { "big-*": { input: 2, output: 10, cacheRead: 0.2 }, "big-two": { input: 1, output: 1 } },
};

async function use(
  tx: Transaction,
  group: Group,
  model: string,
  tokens: Partial<Usage>,
  now = noon,
): Promise<void> {
  const session = await ensureCurrentSession(tx, group.id, now);
  const turn = await beginTurn(tx, { group: group.id, session: session.id, epoch: 1, model, taint: 0, now });
  const none = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };
  await addUsageRow(tx, { turn, provider: "p", model, usage: { ...none, ...tokens }, now });
}

interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
}

async function open() {
  const bench = await openGatewayBench();
  const { database } = bench.store;
  await database.transaction(async (tx) => {
    for (const name of ["family", "work"]) await addGroup(tx, { name, now: noon });
  });
  const find = (name: string) => getGroup(database, name);
  return {
    store: bench.store,
    database: database as Reader,
    groups: { main: await find("main"), family: await find("family"), work: await find("work") },
    write: (work: (tx: Transaction) => Promise<void>) => database.transaction(work),
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

test("money is counted where the price is known, tokens elsewhere, and only those of today", async () => {
  await using at = await open();
  const { family } = at.groups;
  await at.write(async (tx) => {
    await use(tx, family, "big-one", {
      inputTokens: 500_000,
      outputTokens: 100_000,
      cacheReadTokens: 1_000_000,
    });
    await use(tx, family, "big-two", { inputTokens: 300_000, cacheWriteTokens: 200_000 });
    await use(tx, family, "local", { inputTokens: 100, outputTokens: 50 });
    await use(tx, family, "big-one", { inputTokens: 9_000_000 }, noon - day);
  });
  const { spent, limit, reached } = await readDayBudget(at.database, family, limits, noon);
  expect(spent).toEqual({ dollars: 1 + 1 + 0.2 + 0.5, tokens: 150 });
  expect([limit, reached]).toEqual([{ dollars: 4, tokens: 400 }, undefined]);
  expect((await readDayBudget(at.database, family, limits, noon + day)).spent).toEqual({
    dollars: 0,
    tokens: 0,
  });
});

test("a group stops at its own limit, the others at what main leaves, and main at the whole", async () => {
  await using at = await open();
  const { main, family, work } = at.groups;
  const reached = async (group: Group) => {
    const found = await findReached(at.store, group, limits, noon);
    return found === undefined ? "goes on" : `${found.whose} ${found.kind}`;
  };
  const all = async () => [await reached(family), await reached(work), await reached(main)];
  await at.write((tx) => use(tx, family, "big-two", { inputTokens: 4_000_000 }));
  expect(await all()).toEqual(["group dollars", "goes on", "goes on"]);
  await at.write((tx) => use(tx, work, "big-two", { inputTokens: 3_000_000 }));
  expect(await all()).toEqual(["others dollars", "others dollars", "goes on"]);
  await at.write((tx) => use(tx, main, "big-two", { inputTokens: 2_999_999 }));
  expect(await all()).toEqual(["others dollars", "others dollars", "goes on"]);
  await at.write((tx) => use(tx, main, "big-two", { inputTokens: 1 }));
  expect(await all()).toEqual(["all dollars", "all dollars", "all dollars"]);
});

test("a model without a price is held by tokens, and a budget of nothing lets nothing through", async () => {
  await using at = await open();
  const { main, family } = at.groups;
  await at.write((tx) => use(tx, family, "local", { inputTokens: 399, outputTokens: 1 }));
  expect(await findReached(at.store, family, limits, noon)).toEqual({
    kind: "tokens",
    whose: "group",
    spent: 400,
    limit: 400,
  });
  expect(await findReached(at.store, main, { ...limits, dollarsPerDay: 0 }, noon)).toMatchObject({
    kind: "dollars",
  });
});

test("without a word of the owner's a known model has its maker's price, however it is called; his counts first", async () => {
  await using at = await open();
  const { family } = at.groups;
  const names = ["claude-sonnet-5-5", "anthropic/claude-sonnet-5.5", "claude-haiku-4-5-20251001", "local:7b"];
  await at.write(async (tx) => {
    for (const name of names)
      await use(tx, family, name, { inputTokens: 1_000_000, cacheReadTokens: 1_000_000 });
  });
  const none = { ...limits, prices: {}, tokensPerDay: 9e9 };
  const listed = await readDayBudget(at.database, family, none, noon);
  expect(listed.spent.dollars).toBeCloseTo(2.1 + 2.1 + 1.1, 9);
  expect(listed).toMatchObject({
    spent: { tokens: 2_000_000 },
    unpriced: ["local:7b"],
    reached: { kind: "dollars", whose: "group" },
  });
  const own = {
    ...none,
    prices: { "claude-*": { input: 0, output: 0 }, "local:*": { input: 1, output: 1 } },
  };
  const his = await readDayBudget(at.database, family, own, noon);
  expect(his.spent.dollars).toBeCloseTo(2.1 + 2, 9);
  expect([his.spent.tokens, his.unpriced]).toEqual([0, []]);
});

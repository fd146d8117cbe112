import { expect, test } from "bun:test";
import { systemClock } from "../clock.ts";
import { createChoice } from "../../test/fakes/random.ts";
import { openTemporaryStore } from "../../test/fakes/temporary-store.ts";
import { addGroup, getGroup } from "./groups.ts";
import type { GroupId } from "./ids.ts";
import { ensureCurrentSession } from "./sessions.ts";
import { openStore, type Store } from "./store.ts";
import { beginTurn } from "./turns.ts";
import { addUsageRow, sumUsageByGroup, type GroupUsage } from "./usage.ts";

const midnight = new Date(2026, 10, 26).getTime();
const day = 24 * 60 * 60_000;

async function use(store: Store, group: GroupId, model: string, tokens: number, now: number): Promise<void> {
  await store.database.transaction(async (tx) => {
    const session = await ensureCurrentSession(tx, group, now);
    const turn = await beginTurn(tx, { group, session: session.id, epoch: 1, model, taint: 0, now });
    const usage = { inputTokens: tokens, outputTokens: 1, cacheReadTokens: 2, cacheWriteTokens: 3 };
    await addUsageRow(tx, { turn, provider: "p", model, usage, now });
  });
}

function toSorted(sums: readonly GroupUsage[]) {
  return sums
    .map(({ group, provider, model, calls, usage }) => ({ group, provider, model, calls, usage }))
    .toSorted((a, b) => `${a.group} ${a.model}`.localeCompare(`${b.group} ${b.model}`));
}

test("what is kept is what the table says, whoever writes, whenever it is asked, and however the day turns", async () => {
  await using store = await openTemporaryStore();
  await using other = await openStore(
    { folder: store.folder, clock: systemClock },
    new AbortController().signal,
  );
  const stores = [store, other] as const;
  await store.database.transaction((tx) => addGroup(tx, { name: "family", now: midnight }));
  const groups = [
    (await getGroup(store.database, "main")).id,
    (await getGroup(store.database, "family")).id,
  ] as const;
  const choose = createChoice(5);
  const days = [midnight, midnight, midnight, midnight + day, midnight - day];
  for (let step = 0; step < 400; step++) {
    const writer = choose(2) === 0 ? stores[0] : stores[1];
    const group = choose(2) === 0 ? groups[0] : groups[1];
    // Also times of other days: a clock that was set.
    const at = midnight + (choose(30) - 3) * 3_600_000;
    const writing = Array.from({ length: choose(3) }, () =>
      use(writer, group, `model-${choose(3)}`, choose(50), at),
    );
    const start = days[choose(days.length)] ?? midnight;
    // While it is written, twice at once; then, when it is there.
    await Promise.all([...writing, store.dayUsage.since(start), store.dayUsage.since(start)]);
    expect(toSorted(await store.dayUsage.since(start))).toEqual(
      toSorted(await sumUsageByGroup(store.database, start)),
    );
  }
  expect(await store.dayUsage.since(midnight)).not.toEqual([]);
});

test("a look reads only what came since the last one", async () => {
  await using store = await openTemporaryStore();
  const { id } = await getGroup(store.database, "main");
  for (let call = 0; call < 20; call++) await use(store, id, "m", 10, midnight + call);
  expect((await store.dayUsage.since(midnight))[0]?.calls).toBe(20);
  // Were they read again, the sum would be without them.
  await store.database.transaction((tx) => tx.run("UPDATE usage SET input_tokens = 0"));
  await use(store, id, "m", 10, midnight + 21);
  const [sum] = await store.dayUsage.since(midnight);
  expect([sum?.calls, sum?.usage.inputTokens]).toEqual([21, 210]);
});

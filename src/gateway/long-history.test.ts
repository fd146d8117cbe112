import { expect, test } from "bun:test";
import { ChatBench } from "../../test/fakes/chat-bench.ts";
import { fillHistory } from "../../test/fakes/long-history.ts";
import { calling, createAnsweringProvider, saying } from "../../test/fakes/loop.ts";
import { MemoryPlatform } from "../../test/fakes/memory-platform.ts";
import { createNotingStore, type Asked } from "../../test/fakes/noting-store.ts";
import { settleAll, VirtualClock } from "../../test/fakes/virtual-clock.ts";
import type { Database } from "../store/database.ts";
import { writeGroupSettings } from "../store/group-settings.ts";

const rows = 30_000;
/** A statement that goes by an index takes a twentieth of it; one that looks at all of the day's rows several times as long. */
const mostMs = 1.5;

/** All that happens to messages in a chat of one day, whose statements are noted, over a day that had many already. */
async function liveOneDay(asked: Asked): Promise<ChatBench> {
  const platform = new MemoryPlatform({ authenticatesSenders: true, canMore: true, canEdit: true });
  const clock = new VirtualClock();
  const provider = createAnsweringProvider([
    ({ messages }) =>
      messages.at(-1)?.role === "user" && JSON.stringify(messages.at(-1)).includes("do it")
        ? calling({ id: crypto.randomUUID(), name: "shell", arguments: '{"command":"echo x"}' })
        : saying("Done."),
  ]);
  const through = (store: ChatBench["store"]) => createNotingStore(store, asked);
  const bench = await ChatBench.open({ provider, platform, clock, through, budget: {}, canReach: true });
  const family = await bench.addGroup("family");
  await bench.bind("f1", family);
  await bench.bind("alerts", family);
  await bench.bind("f2", family);
  await bench.know("ben", "member", "family");
  await bench.know("rob", "member", "family");
  const idOf = async (sql: string): Promise<number> => Number((await bench.store.database.get(sql))?.["id"]);
  await bench.store.database.transaction((tx) =>
    writeGroupSettings(tx, family.id, {
      triggerMode: "mention-sticky",
      triggerName: "Andy",
      greeting: undefined,
      style: undefined,
    }),
  );
  await fillHistory(bench.store, rows, {
    group: family.id,
    chat: await idOf("SELECT id FROM chats WHERE chat = 'f1'"),
    talk: await idOf("SELECT id FROM chats WHERE chat = 'f2'"),
    alerts: await idOf("SELECT id FROM chats WHERE chat = 'alerts'"),
    person: await idOf("SELECT id FROM people WHERE sender = 'ben'"),
    bot: await idOf("SELECT id FROM people WHERE sender = 'rob'"),
    now: clock.now(),
  });
  await bench.start();
  await platform.deliver({ text: "hi" });
  await platform.waitForReplies(1);
  const write = async (sender: string, text: string, chat = "f1"): Promise<void> => {
    const isFromBot = sender === "rob";
    await platform.deliver({ chat, isPrivate: false, text, sender: { id: sender }, isFromBot });
    await settleAll();
    await clock.advance(2000);
    await settleAll();
  };
  await write("ben", "nothing for you");
  await write("ben", "@Andy do it");
  await write("ben", "/status@Andy");
  await write("anna", "@Andy /new");
  await write("anna", "@Andy do it again");
  await write("rob", "@Andy alarm", "alerts");
  // At once, as a program would.
  await platform.deliver({ chat: "f2", isPrivate: false, text: "@Andy and now?", sender: { id: "ben" } });
  await settleAll();
  await write("ben", "@Andy and then?", "f2");
  await write("zoe", "@Andy who am I?");
  await platform.deliver({ text: "1234-5678", chat: "z1", sender: { id: "zoe" } });
  // A task that ran thousands of times is due once more.
  await bench.store.database.transaction((tx) =>
    tx.run(
      "UPDATE tasks SET state = 'active', next_at = ?, rule = ?",
      clock.now() + 1000,
      String(clock.now() + 1000),
    ),
  );
  bench.gateway.tasks.wake();
  await settleAll();
  await clock.advance(2000);
  await settleAll();
  await bench.stop();
  await bench.start();
  await platform.deliver({ text: "still there?" });
  await settleAll();
  await bench.gateway.health();
  return bench;
}

/** As quick as it was of a few times; what it changed is taken back. */
async function measure(
  database: Database,
  sql: string,
  values: readonly (string | number | null | Uint8Array)[],
): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let time = 0; time < 8 && best > mostMs / 2; time++) {
    await database
      .transaction(async (tx) => {
        const began = performance.now();
        if (/^\s*(?:SELECT|WITH)/.test(sql)) await tx.all(sql, ...values);
        else await tx.run(sql, ...values);
        best = Math.min(best, performance.now() - began);
        throw new Error("taken back");
      })
      .catch(() => {});
  }
  return best;
}

test("no statement on a message's way reads more the longer the day was", async () => {
  const asked: Asked = new Map();
  await using bench = await liveOneDay(asked);
  const slow: string[] = [];
  for (const { sql, values } of asked.values()) {
    if (/^\s*INSERT/.test(sql)) continue;
    const ms = await measure(bench.store.database, sql, values);
    if (ms > mostMs) slow.push(`${ms.toFixed(1)} ms: ${sql.replaceAll(/\s+/g, " ")}`);
  }
  expect(slow).toEqual([]);
  // And one that does not would be seen.
  const all = await measure(bench.store.database, "SELECT count(*) FROM messages WHERE body LIKE '%y%'", []);
  expect(all).toBeGreaterThan(mostMs);
});

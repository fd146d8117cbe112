import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openGatewayBench } from "../../test/fakes/gateway.ts";
import { createAnsweringProvider, saying } from "../../test/fakes/loop.ts";
import { openTemporaryStore } from "../../test/fakes/temporary-store.ts";
import { VirtualClock } from "../../test/fakes/virtual-clock.ts";
import { silentLog } from "../log.ts";
import { appendEntries } from "../store/entries.ts";
import { addGroup, getGroup } from "../store/groups.ts";
import { ensureCurrentSession } from "../store/sessions.ts";
import { sumUsageOf } from "../store/usage.ts";
import { watchIdle } from "./idle-watch.ts";
import { restConversation } from "./rest-conversation.ts";

const never = new AbortController().signal;
const hour = 60 * 60_000;

test("each conversation rests once when nobody has spoken for so long, and again when somebody has", async () => {
  await using store = await openTemporaryStore();
  const { database } = store;
  const clock = new VirtualClock();
  await database.transaction((tx) => addGroup(tx, { name: "family", now: 0 }));
  const say = async (name: string): Promise<void> => {
    const group = await getGroup(database, name);
    await database.transaction(async (tx) => {
      const session = await ensureCurrentSession(tx, group.id, clock.now());
      const message = { role: "user", content: [{ type: "text", text: "hi" }] } as const;
      await appendEntries(tx, [{ kind: "user", message, taint: 0 }], {
        session: session.id,
        now: clock.now(),
      });
    });
  };
  const rested: string[] = [];
  let idleHours = 12;
  await say("main");
  const names = new Map([
    [(await getGroup(database, "main")).id, "main"],
    [(await getGroup(database, "family")).id, "family"],
  ]);
  await using _ = watchIdle({
    store,
    clock,
    idleHours: () => idleHours,
    rest: async (group) => void rested.push(`${names.get(group)} ${(clock.now() - start) / hour}`),
    log: silentLog,
  });
  const start = clock.now();
  await clock.advance(5 * hour);
  await say("family");
  await clock.advance(6 * hour);
  await say("main");
  await clock.advance(40 * hour);
  expect(rested).toEqual(["family 17", "main 23"]);
  await say("main");
  await clock.advance(13 * hour);
  expect(rested.slice(2)).toEqual(["main 63"]);
  idleHours = 0;
  await say("family");
  await clock.advance(100 * hour);
  expect(rested).toHaveLength(3);
});

test("a conversation at rest lies as a file; a long one is summed up by one call that is counted, a short one costs nothing", async () => {
  await using bench = await openGatewayBench();
  const { store } = bench;
  await mkdir(join(bench.folder, "groups/main"), { recursive: true });
  const main = await getGroup(store.database, "main");
  const provider = createAnsweringProvider([saying("short"), saying("summed up")]);
  const conversation = await bench.converse(provider);
  const place = { store, uid: 0, converse: async () => conversation, log: silentLog };
  await conversation.send("one", () => {}, never);
  await restConversation(main.id, place, never);
  expect(existsSync(join(bench.folder, "groups/main/conversations"))).toBe(true);
  expect(provider.requests).toHaveLength(1);
  const before = await sumUsageOf(store.database, { group: main.id });
  // As the provider would count what is long.
  await store.database.transaction((tx) => tx.run("UPDATE usage SET input_tokens = 9000"));
  await conversation.send("two", () => {}, never);
  await store.database.transaction((tx) => tx.run("UPDATE usage SET input_tokens = 9000"));
  await restConversation(main.id, place, never);
  expect(JSON.stringify(provider.requests.at(-1)?.messages.at(-1))).toContain("about to be shortened");
  const after = await sumUsageOf(store.database, { group: main.id });
  expect(after.outputTokens).toBe(before.outputTokens * 3);
  // Where it fails, it stays as it is and nobody is bothered.
  const failing = { ...place, converse: async () => Promise.reject(new Error("no model")) };
  await store.database.transaction((tx) => tx.run("UPDATE usage SET input_tokens = 9000"));
  await restConversation(main.id, failing, never);
});

import { expect, test } from "bun:test";
import { openTemporaryStore } from "../../test/fakes/temporary-store.ts";
import { VirtualClock } from "../../test/fakes/virtual-clock.ts";
import { noUsage } from "../providers/provider.ts";
import { seeChat } from "../store/chats.ts";
import { getGroup } from "../store/groups.ts";
import type { TurnId } from "../store/ids.ts";
import { listJournal } from "../store/journal.ts";
import { receiveMessage } from "../store/messages.ts";
import { seePerson } from "../store/people.ts";
import { ensureCurrentSession } from "../store/sessions.ts";
import { beginTurn } from "../store/turns.ts";
import { gatherOverheard, recordOverheard, type Overheard, type SumUp } from "./gather.ts";

const never = new AbortController().signal;
const noModel: SumUp = async () => undefined;

/** A chat of a group in which people talk with each other. */
async function open() {
  const store = await openTemporaryStore();
  const { database } = store;
  const clock = new VirtualClock();
  const group = await getGroup(database, "main");
  let said = 0;
  const say = async (
    texts: readonly string[],
    people: readonly string[] = ["Ben", "Cleo"],
  ): Promise<void> => {
    await database.transaction(async (tx) => {
      const address = { channel: "memory", account: "default" };
      const now = clock.now();
      const seen = { ...address, chat: "f1", title: "Family", isPrivate: false, now };
      const chat = await seeChat(tx, seen);
      const known = [];
      for (const name of people) {
        known.push(await seePerson(tx, { ...address, sender: name.toLowerCase(), displayName: name, now }));
      }
      for (const text of texts) {
        const person = known[said % known.length]?.id;
        if (person === undefined) throw new Error("nobody speaks");
        await receiveMessage(tx, {
          chat: chat.id,
          message: `m${said}`,
          person,
          personKind: "member",
          group: group.id,
          state: "overheard",
          reason: undefined,
          body: { text },
          taint: said === 0 ? 3 : 1,
          sentAt: undefined,
          now: clock.now() + said * 1000,
        });
        said++;
      }
    });
  };
  const gather = async (sumUp: SumUp = noModel): Promise<Overheard> =>
    await gatherOverheard(group.id, { database, clock, sumUp }, never);
  const take = async (overheard: Overheard): Promise<TurnId> =>
    await database.transaction(async (tx) => {
      const session = await ensureCurrentSession(tx, group.id, 0);
      const turn = await beginTurn(tx, {
        group: group.id,
        session: session.id,
        epoch: 1,
        model: "m",
        taint: 0,
        now: 0,
      });
      await recordOverheard(tx, overheard, { group: group.id, turn, now: clock.now() });
      return turn;
    });
  return {
    store,
    database,
    clock,
    group,
    say,
    gather,
    take,
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

const summary = { text: "Ben and Cleo plan a dinner.", usage: noUsage, provider: "p", model: "m" };
const number = (count: number): string[] => Array.from({ length: count }, (_, index) => `message ${index}`);

test("what fits goes along as it is, and no model is asked", async () => {
  await using bench = await open();
  await bench.say(number(100));
  let asked = 0;
  const overheard = await bench.gather(async () => (asked++, summary));
  expect(overheard.recent.map(({ body }) => body.text)).toEqual(number(100));
  expect([overheard.earlier, asked]).toEqual([undefined, 0]);
  await bench.take(overheard);
  expect((await bench.gather()).recent).toEqual([]);
});

test("nothing said is nothing to give", async () => {
  await using bench = await open();
  expect(await bench.gather()).toEqual({ recent: [], taint: 0 });
});

test("of more than fits the newest goes along as it is and the rest summed up; the summary is on record", async () => {
  await using bench = await open();
  await bench.say(number(300));
  let shown = "";
  const overheard = await bench.gather(async (text) => ((shown = text), summary));
  const kept = overheard.recent.length;
  expect(kept).toBeGreaterThan(100);
  expect(overheard.recent.at(-1)?.body.text).toBe("message 299");
  expect(shown.split("\n")).toHaveLength(300 - kept);
  expect(shown).toContain("2026-01-31 12:00 Ben: message 0\n");
  expect(overheard.earlier).toContain(`${300 - kept} messages, from 2026-01-31 12:00 to`);
  expect(overheard.earlier).toContain(summary.text);
  // The stain of the very first, though it was only summed up.
  expect(overheard.taint).toBe(3);
  const turn = await bench.take(overheard);
  const [row] = await listJournal(bench.database, turn);
  expect(row?.event).toMatchObject({ type: "notice", text: expect.stringContaining(summary.text) });
  expect(await bench.database.all("SELECT model FROM usage WHERE turn_id = ?", turn)).toEqual([
    { model: "m" },
  ]);
});

test.each<readonly [string, SumUp]>([
  ["fails", () => Promise.reject(new Error("away"))],
  ["is not there", noModel],
  ["says nothing for long", () => new Promise(() => {})],
])("when the model %s, what there was is counted, and nobody waits for it", async (_, sumUp) => {
  await using bench = await open();
  await bench.say(number(300));
  const gathering = bench.gather(sumUp);
  await bench.clock.advance(5_000);
  const { earlier, recent, summary: none } = await gathering;
  expect(none).toBeUndefined();
  const left = 300 - recent.length;
  expect(earlier).toContain(`${left} messages`);
  expect(earlier).toContain(`Ben ${Math.ceil(left / 2)}, Cleo ${Math.floor(left / 2)}`);
});

test("a stop ends the summary too", async () => {
  await using bench = await open();
  await bench.say(number(300));
  const stop = new AbortController();
  let wasAborted = false;
  const sumUp: SumUp = (_, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => ((wasAborted = true), reject(signal.reason)));
      stop.abort(new Error("stopped"));
    });
  const { database, clock, group } = bench;
  await gatherOverheard(group.id, { database, clock, sumUp }, stop.signal);
  expect(wasAborted).toBe(true);
});

test("a text that is too long is cut, and says so; a script with thousands of signs counts in full", async () => {
  await using bench = await open();
  await bench.say(["x".repeat(50_000)]);
  const [only] = (await bench.gather()).recent;
  expect(only?.body.text).toEndWith("[47000 characters left out]");
  await using other = await open();
  await other.say(Array.from({ length: 20 }, () => "你好".repeat(500)));
  expect((await other.gather()).recent).toHaveLength(3);
});

test("what is said while a summary is made goes along with the next turn", async () => {
  await using bench = await open();
  await bench.say(number(300));
  const overheard = await bench.gather(async () => (await bench.say(["late"]), summary));
  await bench.take(overheard);
  expect((await bench.gather()).recent.map(({ body }) => body.text)).toEqual(["late"]);
});

test("ten thousand messages are gathered and taken in a moment, and none is forgotten", async () => {
  await using bench = await open();
  const people = Array.from({ length: 40 }, (_, index) => `Person ${index}`);
  await bench.say(number(10_000), people);
  const began = performance.now();
  const overheard = await bench.gather(async () => summary);
  const gathered = performance.now();
  await bench.take(overheard);
  const taken = performance.now();
  expect(gathered - began).toBeLessThan(1000);
  expect(taken - gathered).toBeLessThan(2000);
  expect(overheard.earlier).toContain(`${10_000 - overheard.recent.length} messages, from`);
  expect(overheard.earlier).toContain("32 others");
  expect(overheard.earlier).toMatch(/summary of the last \d+ of them/);
  expect((await bench.gather()).recent).toEqual([]);
});

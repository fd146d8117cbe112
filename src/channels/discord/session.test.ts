import { expect, test } from "bun:test";
import { createChannelMemory } from "../../../test/fakes/channel-memory.ts";
import { silentLog } from "../../log.ts";
import { SessionKeeper } from "./session.ts";
import { toSnowflake, toTime } from "./snowflake.ts";

const me = { id: "4711", name: "Nano", application: "4711" };
const now = Date.UTC(2026, 10, 26);
const at = (minutes: number): string => toSnowflake(now + minutes * 60_000);

async function open(memory = createChannelMemory()): Promise<SessionKeeper> {
  const keeper = new SessionKeeper(memory, silentLog);
  await keeper.open();
  return keeper;
}

test("a number tells when it was given, and back", () => {
  expect(toTime(toSnowflake(now))).toBe(now);
  expect(toTime("175928847299117063")).toBe(1_462_015_105_796);
  expect(toSnowflake(0)).toBe("0");
});

test("another process goes on where the last write stood, with few writes for many changes", async () => {
  const values = createChannelMemory();
  let writes = 0;
  const write = async (name: string, value: string): Promise<void> => {
    writes += 1;
    await values.write(name, value);
  };
  const memory = { ...values, write };
  const keeper = await open(memory);
  keeper.meet(me, now);
  keeper.begin({ id: "s", url: "wss://x", seq: 1 });
  for (let seq = 2; seq <= 100; seq++) {
    keeper.see("501", at(seq), true);
    keeper.advance(seq);
  }
  await keeper.settle();
  expect(writes).toBeLessThan(5);
  const next = await open(memory);
  expect([next.session, next.account, next.direct]).toEqual([
    { id: "s", url: "wss://x", seq: 100 },
    me,
    ["501"],
  ]);
  expect(next.findPlace("501")).toBe(at(100));
  next.advance(50);
  expect(next.session?.seq).toBe(100);
});

test("a channel is read from its last message; an unknown one from shortly before the last of any; none from before the bot", async () => {
  const keeper = await open();
  keeper.meet(me, now);
  expect(keeper.findPlace("910")).toBe(at(0));
  keeper.see("501", at(-5), true);
  expect(keeper.findPlace("501")).toBe(at(0));
  keeper.see("501", at(10), true);
  expect([keeper.findPlace("501"), keeper.findPlace("910")]).toEqual([at(10), at(9)]);
});

test("while what was missed is fetched no place moves; a session that begins meanwhile forgets none of it", async () => {
  const keeper = await open();
  keeper.meet(me, now);
  keeper.see("910", at(1), false);
  keeper.miss(["900", "901"]);
  keeper.see("910", at(5), false);
  expect(keeper.findPlace("910")).toBe(at(1));
  keeper.caughtUp("901");
  keeper.miss(["900", "902"]);
  expect([keeper.missed?.servers, keeper.findPlace("910")]).toEqual([["900", "902"], at(1)]);
  for (const server of ["900", "902"]) keeper.caughtUp(server);
  expect([keeper.missed, keeper.findPlace("910")]).toEqual([undefined, at(5)]);
});

test("another account begins with nothing; what is kept and cannot be read is nothing", async () => {
  const keeper = await open();
  keeper.meet(me, now);
  keeper.see("910", at(1), false);
  keeper.meet({ ...me, id: "4712" }, now + 600_000);
  expect(keeper.findPlace("910")).toBe(at(10));
  const memory = createChannelMemory();
  for (const text of [
    "",
    "nonsense",
    "[]",
    '{"seen":{"1":2},"session":{"id":1},"missed":7,"direct":[null]}',
  ]) {
    await memory.write("gateway", text);
    const next = await open(memory);
    expect([next.session, next.direct]).toEqual([undefined, []]);
  }
});

test("of more channels than are remembered the first are dropped, and a full disk stops nothing", async () => {
  const memory = {
    read: async () => undefined,
    write: async () => await Promise.reject(new Error("the disk is full")),
    readAll: async () => new Map<string, string>(),
    change: async () => await Promise.reject(new Error("the disk is full")),
  };
  const keeper = await open(memory);
  for (let channel = 0; channel < 2100; channel++) keeper.see(`910000000000${channel}`, at(channel), false);
  await keeper.settle();
  expect(keeper.findPlace("9100000000002099")).toBe(at(2099));
  // Forgotten, it is read as one that was never seen.
  expect(keeper.findPlace("9100000000000")).toBe(at(2098));
});

import { afterAll, beforeAll, expect, test } from "bun:test";
import { createChannelMemory } from "../../../test/fakes/channel-memory.ts";
import { runChannel, type RunningChannel } from "../../../test/fakes/run-channel.ts";
import { SilentRelay } from "../../../test/fakes/silent-relay.ts";
import { VirtualClock } from "../../../test/fakes/virtual-clock.ts";
import {
  linkDevice,
  openLibraryHere,
  openWhatsApp,
  sessionKey,
  trust,
  type ChannelWorld,
} from "../../../test/fakes/whatsapp/open-channel.ts";
import { FakeWhatsApp } from "../../../test/fakes/whatsapp/server.ts";
import { defaultConfig } from "../../config/defaults.ts";
import { linkTelephone } from "./linking.ts";

const never = new AbortController().signal;
const server = new FakeWhatsApp();
const memory = createChannelMemory();
const group = "120363000000000002@g.us";
const [c1, c2] = [server.contact("c1").phoneId, server.contact("c2").phoneId];

beforeAll(async () => {
  trust(server);
  await linkDevice(server, memory);
  server.groups.set(group, { subject: "Family", members: ["c1", "c2"] });
});
afterAll(() => server[Symbol.asyncDispose]());

async function start(world: ChannelWorld = {}): Promise<RunningChannel> {
  return await runChannel(openWhatsApp(server, { memory, ...world }), { chat: c1 });
}

test("a network that falls silent is noticed; what was on its way is in doubt, nothing is lost, and nothing is seen twice", async () => {
  using relay = new SilentRelay(() => Number(new URL(server.url).port));
  const socketUrl = `ws://127.0.0.1:${relay.port}/ws/chat`;
  const times = { askAfterMs: 150, giveUpAfterMs: 900 };
  {
    await using running = await start({ socketUrl, connection: { times } });
    // One that stands is asked, and answers: it is kept.
    const before = server.pings;
    await Promise.race([running.over, server.until(() => server.pings >= before + 7)]);
    expect(await running.send("all is well", c1, { key: "well" })).toMatchObject({ type: "sent" });
    relay.fallSilent();
    void server.say({ from: "c1", text: "are you there?" });
    const inDoubt = await running.send("said into the silence", c1, { key: "silence" });
    expect(inDoubt).toMatchObject({ type: "unknown" });
    expect(String(await running.over)).toContain("nothing has come for 0.9 seconds");
    expect(running.received).toEqual([]);
  }
  await using running = await start({ socketUrl });
  await server.until(() => server.unreceived === 0);
  expect(running.received.map(({ text }) => text)).toEqual(["are you there?"]);
  expect(await running.send("said into the silence", c1, { key: "silence" })).toMatchObject({ type: "sent" });
  expect(server.textsOf("c1")).toEqual(["all is well", "said into the silence"]);
});

test("asked to write less, nothing is sent to anybody before the time is over, connected anew or not, and it grows", async () => {
  const clock = new VirtualClock();
  const seen = server.shown.length;
  const channel = openWhatsApp(server, { memory, clock });
  const slow = (ms: number): object => ({ type: "wait", ms, scope: "account" });
  {
    await using running = await runChannel(channel, { chat: c1 });
    server.fail({ type: "error", code: 429 });
    expect(await running.send("one")).toMatchObject(slow(10_000));
    expect(await running.send("two", c2, { key: "k2" })).toMatchObject(slow(10_000));
  }
  await using running = await runChannel(channel, { chat: c1 });
  await clock.advance(4000);
  expect(await running.send("one")).toMatchObject(slow(6000));
  expect(server.shown).toHaveLength(seen);
  await clock.advance(6000);
  // Also where it says so to a question before the message.
  server.queryRefusals.push({ xmlns: "usync", code: 429, text: "rate-overlimit" });
  expect(await running.send("one")).toMatchObject(slow(20_000));
  await clock.advance(20_000);
  expect(await running.send("one")).toMatchObject({ type: "sent" });
  server.fail({ type: "error", code: 429 });
  expect(await running.send("three", c1, { key: "k3" })).toMatchObject(slow(10_000));
});

test("what WhatsApp refuses is told from what failed there, and a message for outdated devices goes to those of now", async () => {
  await using running = await start();
  const answer = async (key: string, chat = c1): Promise<unknown> => await running.send(key, chat, { key });
  const refused = (words: string): object => ({
    type: "refused",
    reason: expect.stringContaining(words),
  });
  server.fail({ type: "error", code: 463 });
  expect(await answer("to a stranger")).toMatchObject(refused("somebody new (463)"));
  server.fail({ type: "error", code: 421 });
  expect(await answer("of an unknown kind")).toMatchObject(refused("WhatsApp said 421"));
  server.queryRefusals.push({ xmlns: "w:g2", code: 403, text: "forbidden" });
  expect(await answer("to a group that we left", group)).toMatchObject(refused("forbidden"));
  server.queryRefusals.push({ xmlns: "w:g2", code: 500, text: "internal-server-error" });
  expect(await answer("to a group that is not found now", group)).toMatchObject({ type: "not-sent" });
  for (const code of [500, 503]) {
    server.fail({ type: "error", code });
    expect(await answer("failed there")).toMatchObject({ type: "unknown" });
  }
  expect(await answer("failed there")).toMatchObject({ type: "sent" });
  server.fail({ type: "error", code: 479 });
  expect(await answer("to devices that are gone")).toMatchObject({ type: "sent" });
  server.fail({ type: "error", code: 479 }, { type: "error", code: 479 });
  expect(await answer("addressed wrongly")).toMatchObject(refused("479"));
  expect(server.textsOf("c1").slice(-2)).toEqual(["failed there", "to devices that are gone"]);
});

test("a file whose place is full for now is tried again at another", async () => {
  await using running = await start();
  const file = { name: "a.txt", mediaType: "text/plain", bytes: new TextEncoder().encode("a") };
  const send = async (): Promise<unknown> =>
    await running.channel.files?.send(c2, { id: 1, key: "f1", text: "" }, file, never);
  const before = server.places;
  server.media.refusals.push(429, 401, 413);
  expect(await send()).toMatchObject({ type: "not-sent" });
  expect(await send()).toMatchObject({ type: "not-sent" });
  expect(await send()).toMatchObject({ type: "refused", reason: expect.stringContaining("413") });
  expect(await send()).toMatchObject({ type: "sent" });
  expect(server.places).toBe(before + 3);
});

test("what comes twice comes under one id, in whatever form, and gets its receipt", async () => {
  await using running = await start();
  const givings = ["twice", "anew", "again-later"] as const;
  for (const giving of givings) {
    server.post.decide = () => giving;
    await server.say({ from: "c2", id: giving, text: giving, at: 1_700_000_000 - givings.indexOf(giving) });
  }
  server.post.decide = () => "once";
  await server.say({ from: "c2", id: "last", text: "last" });
  const ids = running.received.map(({ id }) => id);
  expect([...new Set(ids)]).toEqual([...givings, "last"]);
  expect(ids.length).toBeGreaterThan(4);
  await running[Symbol.asyncDispose]();
  await using after = await start();
  await server.say({ from: "c2", id: "later", text: "later" });
  expect(after.received.map(({ id }) => id)).toEqual(["again-later", "later"]);
});

test("a telephone is linked by the code that is typed on it, and by no other", async () => {
  const another = createChannelMemory();
  const whatsapp = { ...defaultConfig.channels.whatsapp, socketUrl: server.url };
  const shown = Promise.withResolvers<string>();
  const linking = linkTelephone(
    {
      config: { ...defaultConfig, channels: { ...defaultConfig.channels, whatsapp } },
      memory: another,
      program: { command: [], plugins: "" },
      key: sessionKey,
      phone: "+1 (555) 0001",
    },
    async (sign) => shown.resolve(sign.type === "code" ? sign.code : ""),
    never,
    openLibraryHere,
  );
  const code = await shown.promise;
  expect(code).toMatch(/^[1-9A-HJ-NP-TV-Z]{8}$/);
  expect(await server.type("AAAAAAAA")).toBe(false);
  expect(await server.type(code)).toBe(true);
  const account = await linking;
  expect(account.address).toBe("+15550001");
  await using running = await start({ memory: another });
  await server.say({ from: "owner", text: "linked" });
  expect(running.received).toMatchObject([{ text: "linked", sender: { isOwner: true } }]);
});

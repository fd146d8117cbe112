import { describe, expect, test } from "bun:test";
import { createChannelMemory } from "../../../test/fakes/channel-memory.ts";
import { FakeMailServer } from "../../../test/fakes/mail/fake-mail-server.ts";
import { openEmail } from "../../../test/fakes/mail/open-channel.ts";
import { runChannel } from "../../../test/fakes/run-channel.ts";
import { VirtualClock } from "../../../test/fakes/virtual-clock.ts";
import type { Channel } from "../channel.ts";
import { usualPace } from "./pace.ts";

const { signal } = new AbortController();
const anna = "anna@people.example";
const minuteMs = 60_000;
const lost = { words: { key: "email.connectionLost" } };

async function start(channel: Channel) {
  return await runChannel(channel, { chat: anna });
}

async function send(channel: Channel, key = "k") {
  return await channel.send(anna, { id: 1, key, text: "hi" }, signal);
}

function countOf(server: FakeMailServer, command: string): number {
  return server.commands.filter((each) => each === command).length;
}

describe("a mailbox whose server says nothing any more, on a connection that stays", () => {
  test("is given up within two minutes and a half, and what arrived meanwhile is read", async () => {
    await using server = new FakeMailServer();
    const [clock, memory] = [new VirtualClock(), createChannelMemory()];
    const channel = openEmail({
      email: server.config,
      password: server.password,
      pace: usualPace,
      clock,
      memory,
    });
    await using running = await start(channel);
    await server.until(() => countOf(server, "IDLE") === 1);
    server.fallSilent();
    const uid = server.write({ from: anna, id: "1@x", text: "one" });
    await clock.advance(2.5 * minuteMs);
    expect(await running.over).toMatchObject(lost);
    await using again = await start(channel);
    await server.until(() => server.isSeen(uid));
    expect(again.received.map(({ text }) => text)).toEqual(["one"]);
  });

  test("is believed for ever where it is never asked", async () => {
    await using server = new FakeMailServer();
    const clock = new VirtualClock();
    const pace = { ...usualPace, idleMs: 2_000_000_000 };
    await using running = await start(
      openEmail({ email: server.config, password: server.password, pace, clock }),
    );
    await server.until(() => countOf(server, "IDLE") === 1);
    server.fallSilent();
    server.write({ from: anna, id: "1@x", text: "one" });
    await clock.advance(24 * 60 * minuteMs);
    expect(await Promise.race([running.over, Promise.resolve("still believed")])).toBe("still believed");
    expect(running.received).toEqual([]);
  });

  test("is given up in the middle of a mail as well, which is read whole the next time", async () => {
    await using server = new FakeMailServer();
    const pace = { idleMs: 100, answerMs: 100 };
    const channel = openEmail({ email: server.config, password: server.password, pace });
    await using running = await start(channel);
    server.onCommand = (command) => void (command === "UID FETCH" && server.fallSilent());
    const uid = server.write({ from: anna, id: "1@x", text: "one" });
    expect(await running.over).toMatchObject(lost);
    server.onCommand = () => {};
    await using again = await start(channel);
    await server.until(() => server.isSeen(uid));
    expect([...running.received, ...again.received].map(({ text }) => text)).toEqual(["one"]);
  });
});

test("a mailbox is listened to anew long before the 29 minutes after which a server may forget, on one connection", async () => {
  await using server = new FakeMailServer();
  const clock = new VirtualClock();
  await using running = await start(
    openEmail({ email: server.config, password: server.password, pace: usualPace, clock }),
  );
  for (let times = 1; times <= 15; times++) {
    await server.until(() => countOf(server, "IDLE") === times);
    await clock.advance(2 * minuteMs);
  }
  const uid = server.write({ from: anna, id: "1@x", text: "one" });
  await server.until(() => server.isSeen(uid));
  expect(running.received).toHaveLength(1);
  expect(countOf(server, "AUTHENTICATE")).toBe(1);
});

describe("handing in a mail", () => {
  test("to a server that says nothing ends soon, and nothing has left", async () => {
    await using server = new FakeMailServer();
    const channel = openEmail({ email: server.config, password: server.password, pace: { answerMs: 100 } });
    for (const word of ["EHLO", "MAIL", "DATA"] as const) {
      server.fail({ type: "mute", at: word });
      expect(await send(channel)).toMatchObject({ type: "not-sent" });
    }
    expect(server.sent).toEqual([]);
  });

  test("that is cut off in its middle leaves no doubt: it was not taken", async () => {
    await using server = new FakeMailServer();
    const channel = openEmail({ email: server.config, password: server.password });
    server.fail({ type: "cut" });
    const bytes = new Uint8Array(15_000_000);
    const file = { name: "a.bin", mediaType: "application/octet-stream", bytes };
    const result = await channel.files?.send(anna, { id: 1, key: "k", text: "hi" }, file, signal);
    expect(result).toMatchObject({ type: "not-sent" });
  });

  test("to a server that looks through it first waits for its word; given up before, it would be sent twice", async () => {
    await using server = new FakeMailServer();
    const late = { type: "late", ms: 400 } as const;
    const patient = openEmail({ email: server.config, password: server.password, pace: { answerMs: 100 } });
    server.fail(late);
    expect(await send(patient)).toMatchObject({ type: "sent" });
    await server.until(() => server.sent.length === 1);
    const pace = { answerMs: 100, takenMs: 100 };
    const hasty = openEmail({ email: server.config, password: server.password, pace });
    server.fail(late);
    expect(await send(hasty, "k2")).toMatchObject({ type: "unknown" });
    await server.until(() => server.sent.length === 2);
  });

  test("whose last answer never comes is in doubt, and says so when the time is over", async () => {
    await using server = new FakeMailServer();
    const channel = openEmail({ email: server.config, password: server.password, pace: { takenMs: 100 } });
    server.fail({ type: "late" });
    expect(await send(channel)).toMatchObject({ type: "unknown" });
  });
});

describe("a server with several addresses", () => {
  const two = async (): Promise<readonly string[]> => ["127.0.0.1", "127.0.0.1"];

  test("is handed a mail once, and a password that it refuses once", async () => {
    await using server = new FakeMailServer();
    const channel = openEmail({ email: server.config, password: server.password, lookup: two });
    server.fail({ type: "lose" });
    expect(await send(channel)).toMatchObject({ type: "unknown" });
    await server.until(() => server.sent.length === 1);
    const wrong = openEmail({ email: server.config, password: "wrong", lookup: two });
    expect(await send(wrong, "k2")).toMatchObject({ type: "wait" });
    expect(await (await start(wrong)).over).toMatchObject({ words: { key: "email.passwordRefused" } });
    expect(server.sent).toHaveLength(1);
    expect([server.logins, countOf(server, "AUTHENTICATE")]).toEqual([2, 1]);
  });

  test("is reached at the second where the first is dead", async () => {
    await using server = new FakeMailServer();
    const lookup = async (): Promise<readonly string[]> => ["127.0.0.9", "127.0.0.1"];
    const channel = openEmail({ email: server.config, password: server.password, lookup });
    expect(await send(channel)).toMatchObject({ type: "sent" });
    await using _ = await start(channel);
    await server.until(() => countOf(server, "IDLE") === 1);
  });
});

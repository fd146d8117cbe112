import { runChannel } from "../../../test/fakes/run-channel.ts";
import { describe, expect, test } from "bun:test";
import { createChannelMemory } from "../../../test/fakes/channel-memory.ts";
import { openDiscord, type FakeSetting } from "../../../test/fakes/discord/open-channel.ts";
import { anna, FakeDiscord } from "../../../test/fakes/discord/server.ts";
import { explain } from "../../errors.ts";
import { silentLog } from "../../log.ts";
import type { Channel, IncomingMessage, Receipt } from "../channel.ts";
import { SessionKeeper } from "./session.ts";

const { signal } = new AbortController();

async function start(
  server: FakeDiscord,
  options: FakeSetting & {
    channel?: Channel;
    receipt?: Receipt;
    failing?: () => boolean;
    hold?: (message: IncomingMessage) => Promise<void>;
  } = {},
) {
  const memory = options.memory ?? createChannelMemory();
  const channel = options.channel ?? openDiscord(server, { ...options, memory });
  const running = await runChannel(channel, {
    chat: "501",
    receive: async (message) => {
      if (options.failing?.() === true) throw new Error("the disk is full");
      await options.hold?.(message);
      return options.receipt;
    },
  });
  const { received } = running;
  return {
    ...running,
    memory,
    /** Each once, as the inbox has them. */
    texts: () => [...new Map(received.map((each) => [`${each.chat}/${each.id}`, each.text])).values()],
  };
}

const home = [
  { id: "910", name: "general", type: 0 },
  { id: "920", name: "plans", type: 11, parent_id: "910" },
];

describe("the connection", () => {
  test("is gone on with where it was cut, and nothing comes twice or is lost", async () => {
    await using server = new FakeDiscord();
    await using first = await start(server);
    await server.say("501", { content: "one" });
    server.disconnect();
    expect(await first.over).toMatchObject({ code: "network" });
    const two = server.say("501", { content: "two" });
    await using second = await start(server, { channel: first.channel });
    await two;
    expect([first.texts(), second.texts()]).toEqual([["one"], ["two"]]);
    expect(server.openings[1]).toMatchObject({ op: 6, d: { session_id: "session1" } });
  });

  test("is gone on with at another gateway, where its own is no more", async () => {
    await using server = new FakeDiscord();
    await using first = await start(server);
    await server.say("501", { content: "one" });
    server.disconnect();
    await first.over;
    const kept = (await first.memory.read("gateway")) ?? "";
    await first.memory.write("gateway", kept.replace(`:${server.port}/`, ":1/"));
    server.limit = { ...server.limit, remaining: 0 };
    const two = server.say("501", { content: "two" });
    const channel = openDiscord(server, { memory: first.memory });
    await using failed = await start(server, { channel });
    expect(String(await failed.over)).toContain("Discord cannot be reached: no connection");
    await using second = await start(server, { channel });
    await two;
    expect(second.texts()).toEqual(["two"]);
    expect(server.openings.map(({ op }) => op)).toEqual([2, 6]);
  });

  test("begins anew where Discord says so, and fetches what was missed: in private, in channels and threads", async () => {
    await using server = new FakeDiscord();
    server.addServer("900", "Home", home);
    await using under = await start(server);
    for (const place of ["501", "910", "920"]) await server.say(place, { content: `before ${place}` });
    server.endSessions();
    for (const place of ["501", "910", "920"]) {
      for (const n of [1, 2]) void server.say(place, { content: `missed ${n} ${place}` });
    }
    server.order(9, false);
    await server.until(() => server.openings.length === 2);
    await server.say("910", { content: "after" });
    const seen = (place: string): readonly string[] =>
      under.texts().filter((text) => text.startsWith("missed") && text.endsWith(place));
    for (const place of ["501", "910", "920"])
      expect(seen(place)).toEqual([`missed 1 ${place}`, `missed 2 ${place}`]);
    expect(under.texts()).toContain("after");
    expect(under.received.find(({ text }) => text === "missed 1 910")).toMatchObject({
      chat: "910",
      isPrivate: false,
      title: "#general (Home)",
    });
  });

  test("a first private message that nobody heard is read: of who made the application, and of whom the owner let in", async () => {
    await using server = new FakeDiscord();
    const ben = { ...anna, id: "88" };
    const eve = { ...anna, id: "99" };
    const memory = createChannelMemory();
    void server.say("501", { content: "older than the bot" });
    await Bun.sleep(2);
    const keeper = new SessionKeeper(memory, silentLog);
    keeper.meet({ id: server.me.id, name: "Nano", application: server.me.id }, Date.now());
    await keeper.settle();
    await Bun.sleep(2);
    void server.say("501", { content: "from Anna" });
    void server.say("502", { content: "from Ben", author: ben });
    void server.say("503", { content: "from Eve", author: eve });
    await using under = await start(server, { memory, settings: { allowFrom: ["88", "@carl"] } });
    expect(under.texts()).toEqual(["from Anna", "from Ben"]);
    expect(under.received[1]).toMatchObject({ chat: "502", isPrivate: true, sender: { id: "88" } });
    // Known from now on: nobody is asked for twice, and an empty chat is looked into as well.
    server.endSessions();
    void server.say("502", { content: "again", author: ben });
    server.order(9, false);
    await server.until(() => server.openings.length === 2);
    await server.say("501", { content: "after" });
    expect(under.texts().slice(2).toSorted()).toEqual(["after", "again"]);
    expect([server.callsOf("open").length, server.callsOf("application").length]).toEqual([2, 1]);
  });

  test("of a team those who have accepted made the application; where Discord opens no chat it goes on without", async () => {
    await using server = new FakeDiscord();
    const members = [2, 1].map((state, at) => ({ membership_state: state, user: { id: `8${at}` } }));
    server.team = { members };
    server.fail("open", { type: "error", status: 400, body: { code: 50_033, message: "Invalid Recipient" } });
    await using under = await start(server);
    expect(server.callsOf("open").map(({ body }) => body)).toEqual([{ recipient_id: "80" }]);
    await server.say("501", { content: "hi" });
    expect(under.texts()).toEqual(["hi"]);
  });

  test("is not begun before Discord could be asked for private chats: what stands in them would be lost", async () => {
    await using server = new FakeDiscord();
    server.fail("open", { type: "page", status: 502 });
    await using failed = await start(server);
    expect(await failed.over).toMatchObject({ code: "network" });
    await using under = await start(server, { channel: failed.channel });
    await server.say("501", { content: "hi" });
    expect(under.texts()).toEqual(["hi"]);
    expect(server.callsOf("open")).toHaveLength(2);
  });

  test("is not held up where Discord lets no more private chats be opened for long; the next session asks again", async () => {
    await using server = new FakeDiscord();
    const slow = { message: "You are being rate limited.", retry_after: 600, global: false };
    server.fail("open", { type: "error", status: 429, body: slow });
    await using under = await start(server);
    await server.say("501", { content: "hi" });
    expect(under.texts()).toEqual(["hi"]);
    const channel = openDiscord(server, { memory: under.memory });
    server.endSessions();
    await under[Symbol.asyncDispose]();
    await using again = await start(server, { channel });
    await server.say("501", { content: "back" });
    expect([again.texts().at(-1), server.callsOf("open").length]).toEqual(["back", 2]);
  });

  test("what was written before the bot was there is not answered", async () => {
    await using server = new FakeDiscord();
    server.addServer("900", "Home", home);
    void server.say("910", { content: "long ago" });
    await Bun.sleep(2);
    await using under = await start(server);
    await server.say("910", { content: "now" });
    expect(under.texts()).toEqual(["now"]);
    expect(server.callsOf("history").filter(({ path }) => path.includes("910"))).toHaveLength(0);
  });

  test("that tells nothing any more is noticed, and hung up on", async () => {
    await using server = new FakeDiscord({ heartbeatMs: 60 });
    await using under = await start(server);
    server.isSilent = true;
    const error = await under.over;
    expect(String(error)).toContain("it has gone silent");
    server.isSilent = false;
    await using again = await start(server, { channel: under.channel });
    await server.say("501", { content: "back" });
    expect(again.texts()).toEqual(["back"]);
  });

  test("on which no session begins is hung up on as well, though its heartbeats are answered", async () => {
    await using server = new FakeDiscord({ heartbeatMs: 60 });
    server.ignoresNext = true;
    await using under = await start(server);
    expect(String(await under.over)).toContain("it has gone silent");
    await using again = await start(server, { channel: under.channel });
    await server.say("501", { content: "back" });
    expect(again.texts()).toEqual(["back"]);
  });

  test("tells Discord only of what is on disk: what could not be written comes again", async () => {
    await using server = new FakeDiscord();
    let isFull = true;
    await using first = await start(server, { failing: () => isFull });
    const said = server.say("501", { content: "kept" });
    expect(String(await first.over)).toContain("the disk is full");
    isFull = false;
    await using second = await start(server, { channel: first.channel });
    await said;
    expect(second.texts()).toEqual(["kept"]);
  });

  test("is not begun when Discord lets it begin no more, and seldom when few are left", async () => {
    await using server = new FakeDiscord();
    server.limit = { total: 1000, remaining: 0, reset_after: 60_000, max_concurrency: 1 };
    await using none = await start(server);
    expect(await none.over).toMatchObject({ code: "network", retryAfterMs: 60_000 });
    expect(server.openings).toHaveLength(0);
    server.limit = { total: 1000, remaining: 100, reset_after: 8_000, max_concurrency: 1 };
    await using _first = await start(server, { channel: none.channel });
    server.endSessions();
    const began = performance.now();
    server.order(9, false);
    await server.until(() => server.openings.length === 2);
    expect(performance.now() - began).toBeGreaterThanOrEqual(60);
  });

  test("asks less and less often with a token that is refused", async () => {
    await using server = new FakeDiscord();
    const channel = openDiscord(server);
    server.token = "NDcxMTAwMDAwMDAwMDAw.fake01.another-token-of-the-same-bot";
    const waits: unknown[] = [];
    for (let n = 0; n < 3; n++) {
      await using under = await start(server, { channel });
      waits.push(((await under.over) as { retryAfterMs?: number }).retryAfterMs);
    }
    expect(waits).toEqual([60_000, 120_000, 240_000]);
  });

  test("another account's session and memories are not gone on with", async () => {
    await using server = new FakeDiscord();
    const memory = createChannelMemory();
    await memory.write("gateway", "not even JSON");
    await using under = await start(server, { memory });
    await server.say("501", { content: "hi" });
    expect(under.texts()).toEqual(["hi"]);
    expect(await memory.read("gateway")).toContain('"session1"');
  });
});

describe("what goes out", () => {
  test("is known after an answer was lost for longer than Discord remembers: the event has told of it", async () => {
    await using server = new FakeDiscord();
    await using under = await start(server);
    server.fail("send", { type: "lose" });
    expect(await under.send("once")).toMatchObject({ type: "unknown" });
    await server.say("501", { content: "so that the event has come" });
    const sends = server.callsOf("send").length;
    expect(await under.send("once")).toMatchObject({ type: "sent" });
    expect([server.callsOf("send").length, server.shownIn("501").length]).toEqual([sends, 1]);
  });

  test("waits where Discord said so before it has to say it again, chat by chat, and all when it says all", async () => {
    await using server = new FakeDiscord();
    await using under = await start(server);
    const slow = { message: "You are being rate limited.", retry_after: 30, global: false };
    server.fail("send", { type: "error", status: 429, body: slow });
    expect(await under.send("a")).toMatchObject({ type: "wait", ms: 30_000, scope: "chat" });
    expect(await under.send("a")).toMatchObject({ type: "wait", scope: "chat" });
    expect(server.callsOf("send")).toHaveLength(1);
    expect(await under.send("b", "502", { key: "k2" })).toMatchObject({ type: "sent" });
    server.fail("send", { type: "error", status: 429, body: { ...slow, global: true } });
    expect(await under.send("c", "503", { key: "k3" })).toMatchObject({ type: "wait", scope: "account" });
    expect(await under.send("d", "504", { key: "k4" })).toMatchObject({ type: "wait", scope: "account" });
    expect(server.callsOf("send")).toHaveLength(3);
  });

  test("a long text comes in pieces that fit, each once, and says in a thread what it answers there", async () => {
    await using server = new FakeDiscord();
    server.addServer("900", "Home", home);
    await using under = await start(server);
    await server.say("920", { id: "3000", content: "hi" });
    const [asked] = under.received;
    expect(asked).toMatchObject({ chat: "910", id: "920:3000" });
    const text = Array.from({ length: 400 }, (_, n) => `**word_${n}**`).join(" ");
    const reply = { answers: asked?.id };
    const [one, two] = [await under.send(text, "910", reply), await under.send(text, "910", reply)];
    const id = one.type === "sent" ? (one.platformId ?? "") : "";
    expect(id).toMatch(/^920:\d+$/);
    expect(two).toEqual(one);
    const shown = server.shownIn("920");
    expect(shown.length).toBeGreaterThan(2);
    expect(shown.every(({ content }) => content.length <= 2000)).toBe(true);
    expect(shown.map(({ message_reference: to }) => to)).toEqual([
      { message_id: "3000", fail_if_not_exists: false },
      ...shown.slice(1).map(() => undefined),
    ]);
    const edited = await under.channel.edit?.edit("910", id, { id: 1, key: "k1", text: "short" }, signal);
    expect([edited?.type, server.textsOf("920")[0]]).toEqual(["sent", "short"]);
  });

  test("where each thread is a chat of its own it is answered there, and the parent is another chat", async () => {
    await using server = new FakeDiscord();
    server.addServer("900", "Home", home);
    await using under = await start(server, { settings: { separateThreads: true } });
    await server.say("920", { content: "hi" });
    expect(under.received[0]).toMatchObject({ chat: "920", title: "#general › plans (Home)" });
    await under.send("hello", "920");
    expect(server.textsOf("920")).toEqual(["hello"]);
  });

  test("a button that is pressed is acknowledged; who may not is told so, on his own screen", async () => {
    await using server = new FakeDiscord();
    const receipt: Receipt = { type: "declined", reason: "only Anna may answer this" };
    await using under = await start(server);
    await under.channel.ask?.ask(
      "501",
      { id: 1, key: "k".repeat(200), text: "Tea?" },
      ["Yes", "n".repeat(90)],
      signal,
    );
    await server.press("501", "Yes");
    expect(under.received[0]).toMatchObject({ press: { reply: "k".repeat(200), option: 0 }, text: "Yes" });
    expect(server.callbacks[0]?.body).toEqual({ type: 6 });
    await server.interact("501", 3, { custom_id: "#forged:0" });
    expect(under.received).toHaveLength(1);
    await using other = await start(server, { channel: openDiscord(server, under), receipt });
    await server.press("501", "Yes", { ...anna, id: "99" });
    expect(other.received[0]?.sender.id).toBe("99");
    expect(server.callbacks.at(-1)?.body).toEqual({ type: 4, data: { content: receipt.reason, flags: 64 } });
  });

  test("whoever presses has his sign while what came before is still being taken, and nothing is told of too early", async () => {
    await using server = new FakeDiscord();
    const disk = Promise.withResolvers<void>();
    const hold = async ({ text }: IncomingMessage): Promise<void> =>
      text === "slow" ? await disk.promise : undefined;
    await using under = await start(server, { hold });
    await under.channel.ask?.ask("501", { id: 1, key: "k1", text: "Tea?" }, ["Yes"], signal);
    const said = server.say("501", { content: "slow" });
    void server.press("501", "Yes");
    await server.until(() => server.callbacks.length === 1);
    expect([under.texts(), server.isTaken]).toEqual([["Yes"], false]);
    disk.resolve();
    await said;
    await server.until(() => server.isTaken);
    expect(under.texts()).toEqual(["Yes", "slow"]);
  });

  test("a file is fetched from where Discord keeps files, and from nowhere else", async () => {
    await using server = new FakeDiscord();
    await using elsewhere = new FakeDiscord();
    await using under = await start(server);
    for (const place of [server, elsewhere]) place.attachments.set("1", new TextEncoder().encode("bytes"));
    const origin = ({ base }: FakeDiscord): string => new URL(base).origin;
    const attachments = [server, elsewhere].map((place, index) => ({
      id: `60${index}`,
      filename: "a.txt",
      size: 5,
      url: `${origin(place)}/attachments/1`,
    }));
    await server.say("501", { content: "see", attachments });
    const [own, strange] = under.received[0]?.files ?? [];
    const fetched = await under.channel.files?.fetch(own?.reference ?? "", signal);
    expect(await new Response(fetched).text()).toBe("bytes");
    const refused = await under.channel.files?.fetch(strange?.reference ?? "", signal).catch(explain);
    expect(refused).toMatchObject({ words: { key: "discord.noFile" } });
  });

  test("a sign that Discord knows in another spelling is given in that, and taken back", async () => {
    await using server = new FakeDiscord();
    await using under = await start(server);
    await server.say("501", { id: "3000", content: "hi" });
    server.fail("react", { type: "error", status: 400, body: { code: 10_014, message: "Unknown Emoji" } });
    expect(await under.channel.react?.react("501", "3000", "❤", signal)).toEqual({ type: "sent" });
    const message = server.messages.find(({ id }) => id === "3000");
    expect(message?.reactions).toEqual([{ emoji: { name: "❤\uFE0F" }, me: true }]);
    expect(await under.channel.react?.react("501", "3000", "", signal)).toEqual({ type: "sent" });
    expect(message?.reactions).toEqual([]);
  });
});

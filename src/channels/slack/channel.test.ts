import { runChannel } from "../../../test/fakes/run-channel.ts";
import { describe, expect, test } from "bun:test";
import { createChannelMemory } from "../../../test/fakes/channel-memory.ts";
import { openSlack, type FakeSetting } from "../../../test/fakes/slack/open-channel.ts";
import { FakeSlack, type Fault } from "../../../test/fakes/slack/server.ts";
import type { Channel, IncomingMessage, Receipt, SendResult } from "../channel.ts";

const signal = new AbortController().signal;
const accepted: Receipt = { type: "accepted", message: 1 };

async function start(
  server: FakeSlack,
  options: FakeSetting & { channel?: Channel; receive?: (message: IncomingMessage) => Promise<Receipt> } = {},
) {
  const { channel = openSlack(server, options), receive } = options;
  return await runChannel(channel, { chat: "D1", ...(receive === undefined ? {} : { receive }) });
}

describe("what comes in", () => {
  test("when Slack wants its connection back the next one stands before it goes, and nothing is missed", async () => {
    await using server = new FakeSlack();
    await using started = await start(server);
    server.hub.refresh("warning");
    await server.until(() => server.hub.links === 2);
    await server.say("D1", { text: "by the new one" });
    server.hub.closeOldest();
    await server.until(() => server.hub.links === 1);
    await server.say("D1", { text: "after the old one" });
    expect(started.received.map(({ text }) => text)).toEqual(["by the new one", "after the old one"]);
    expect(server.callsOf("auth.test")).toHaveLength(1);
  });

  test("a connection that goes before the next one stands is replaced all the same", async () => {
    await using server = new FakeSlack();
    await using started = await start(server);
    server.hub.refresh();
    server.hub.disconnect();
    const said = server.say("D1", { text: "meanwhile" });
    await said;
    expect(started.received.map(({ text }) => text)).toEqual(["meanwhile"]);
  });

  test("a connection that stays silent is none any more: the next one gets what was on its way", async () => {
    await using server = new FakeSlack();
    await using started = await start(server, { pace: { pingMs: 30, graceMs: 60 } });
    server.hub.fallSilent();
    void server.say("D1", { text: "on its way" });
    expect(await started.over).toMatchObject({ code: "network", words: { key: "slack.notReached" } });
    await using again = await start(server, { channel: started.channel });
    await server.until(() => server.hub.unacknowledged === 0);
    expect(again.received.map(({ text }) => text)).toEqual(["on its way"]);
  });

  test("a connection that answers pings is left alone", async () => {
    await using server = new FakeSlack();
    await using started = await start(server, { pace: { pingMs: 10, graceMs: 150 } });
    await Bun.sleep(300);
    await server.say("D1", { text: "still here" });
    expect(started.received).toHaveLength(1);
    expect(server.hub.opened).toBe(1);
  });

  test("two hundred messages a second on a slow disk are acknowledged within a second, in their order", async () => {
    await using server = new FakeSlack();
    let commit = Promise.withResolvers<void>();
    // One commit for all that came meanwhile, a fifth of a second each.
    const disk = (async () => {
      for (let commits = 0; commits < 10; commits++) {
        await Bun.sleep(200);
        const now = commit;
        commit = Promise.withResolvers();
        now.resolve();
      }
    })();
    await using started = await start(server, { receive: async () => (await commit.promise, accepted) });
    const said: Promise<void>[] = [];
    for (let n = 0; n < 200; n++) {
      said.push(server.say("C1", { text: String(n) }));
      if (n % 10 === 9) await Bun.sleep(40);
    }
    await Promise.all(said);
    await disk;
    expect(started.received.map(({ text }) => Number(text))).toEqual(
      Array.from({ length: 200 }, (_, n) => n),
    );
    expect(Math.max(...server.hub.ackTimes)).toBeLessThan(1000);
    // Names are asked for once, not for each message.
    expect(server.callsOf("users.info")).toHaveLength(1);
  });

  test("a name that is slow to come holds no message up, and no order", async () => {
    await using server = new FakeSlack();
    server.fail("users.info", { type: "hang" });
    await using started = await start(server);
    await Promise.all(["a", "b"].map((text) => server.say("D1", { text })));
    expect(started.received.map(({ text, sender }) => [text, sender.name])).toEqual([
      ["a", undefined],
      ["b", undefined],
    ]);
    expect(Math.max(...server.hub.ackTimes)).toBeLessThan(1000);
  });

  test("people who are mentioned are told by their names", async () => {
    await using server = new FakeSlack();
    server.users.set("U0123ABC", "Bert");
    await using started = await start(server);
    await server.say("C1", { text: "ask <@U0123ABC> and <@U9999ZZZ>" });
    expect(started.received[0]?.text).toBe("ask @Bert and @U9999ZZZ");
  });

  test("where the next connection cannot be had, the old one goes on and it is tried again", async () => {
    await using server = new FakeSlack();
    await using started = await start(server);
    server.fail("apps.connections.open", { type: "drop" });
    server.hub.refresh();
    await server.until(() => server.callsOf("apps.connections.open").length === 2);
    await server.say("D1", { text: "by the old one" });
    await server.until(() => server.hub.links === 2);
    server.hub.closeOldest();
    await server.say("D1", { text: "by the new one" });
    expect(started.received.map(({ text }) => text)).toEqual(["by the old one", "by the new one"]);
  });

  test("what we write ourselves is nothing, and of a mention both events are one message", async () => {
    await using server = new FakeSlack();
    await using started = await start(server);
    await server.event({ type: "message", channel: "C1", user: "UBOT", text: "own", ts: "1.1" });
    await server.event({
      type: "message",
      subtype: "bot_message",
      channel: "C1",
      bot_id: "BBOT",
      text: "own",
      ts: "1.2",
    });
    await server.say("C1", { text: "<@UBOT> hello" });
    expect(started.received).toHaveLength(2);
    const [one, two] = started.received;
    expect(one).toEqual(two as never);
    expect(one).toMatchObject({
      text: "hello",
      isMention: true,
      title: "#general",
      sender: { name: "Anna" },
    });
  });

  test("Socket Mode switched off, and tokens that are revoked, are told apart and asked for less and less often", async () => {
    await using server = new FakeSlack();
    await using started = await start(server);
    server.hub.refresh("link_disabled");
    expect(await started.over).toMatchObject({ code: "config", words: { key: "slack.socketModeOff" } });
    const { appToken } = server;
    server.appToken = "xapp-1-other";
    const waits: unknown[] = [];
    for (let tries = 0; tries < 8; tries++) {
      const again = await start(server, { channel: started.channel });
      const failure = await again.over;
      expect(failure).toMatchObject({ code: "config", words: { key: "slack.tokenRefused" } });
      expect(Bun.inspect(failure)).not.toContain(appToken);
      waits.push((failure as { retryAfterMs?: number }).retryAfterMs);
    }
    expect(waits).toEqual([60_000, 120_000, 240_000, 480_000, 960_000, 1_920_000, 3_600_000, 3_600_000]);
    server.appToken = appToken;
    await using mended = await start(server, { channel: started.channel });
    await server.say("D1", { text: "hi" });
    expect(mended.received).toHaveLength(1);
  });

  test("a bot's token that is revoked while the connection stands is told, and mended", async () => {
    await using server = new FakeSlack();
    await using started = await start(server);
    const { botToken } = server;
    server.botToken = "xoxb-another-token";
    expect(await started.send("hello")).toMatchObject({ type: "wait", scope: "account" });
    expect(await started.over).toMatchObject({ words: { key: "slack.tokenRefused" }, retryAfterMs: 60_000 });
    const again = await start(server, { channel: started.channel });
    expect(await again.over).toMatchObject({ words: { key: "slack.tokenRefused" } });
    server.botToken = botToken;
    await using mended = await start(server, { channel: started.channel });
    await server.say("D1", { text: "hi" });
    expect(mended.received).toHaveLength(1);
    expect(await mended.send("hello")).toMatchObject({ type: "sent" });
  });

  test("frames of any shape do not stand in the way", async () => {
    await using server = new FakeSlack();
    await using started = await start(server);
    for (const raw of ["{", "null", "[]", '"x"', '{"type":7}', '{"type":"new_thing","envelope_id":"e"}']) {
      server.hub.sendRaw(raw);
    }
    await server.hub.send("events_api", { event: { type: "message", channel: 7, ts: {}, text: [] } });
    await server.hub.send("interactive", { type: "block_actions", actions: "none" });
    await server.say("D1", { text: "hi" });
    expect(started.received.map(({ text }) => text)).toEqual(["hi"]);
  });

  test("what Slack gave up while nobody listened is read from its history, threads included, and nothing older", async () => {
    await using server = new FakeSlack();
    const memory = createChannelMemory();
    server.sayUnheard("C1", { text: "older than everything", ts: "1700000000.000001" });
    {
      await using first = await start(server, { memory });
      await server.say("C1", { text: "seen", ts: server.createTime() });
      expect(first.received).toHaveLength(1);
    }
    const root = server.sayUnheard("C1", { text: "missed" });
    server.sayUnheard("C1", { text: "below it", thread_ts: root });
    const read = Promise.withResolvers<void>();
    await using second = await start(server, {
      memory,
      receive: async ({ text }) => {
        if (text === "below it") read.resolve();
        return accepted;
      },
    });
    await read.promise;
    await server.say("D1", { text: "live" });
    expect(second.received.map(({ text }) => text)).toEqual(["missed", "below it", "live"]);
  });

  test("where the history may not be read, that something may have been missed is told", async () => {
    await using server = new FakeSlack();
    const memory = createChannelMemory();
    {
      await using _ = await start(server, { memory });
      await server.say("C1", { text: "seen" });
    }
    const told: string[] = [];
    const tell = (message: string): void => void told.push(message);
    const log = { info: tell, warn: tell, error: tell, debug: tell, child: () => log };
    server.fail("conversations.history", { type: "error", error: "missing_scope" });
    await using _ = await start(server, { memory, log });
    await server.until(() => server.callsOf("conversations.history").length > 0);
    await server.say("D1", { text: "live" });
    expect(told.join()).toContain("may have been missed");
  });

  test("a slash command, a conversation with a new id, and a reaction arrive as what they are", async () => {
    await using server = new FakeSlack();
    await using started = await start(server);
    const command = { command: "/nanoclaw", user_id: "U1", channel_id: "C1", trigger_id: "t1" };
    await server.hub.send("slash_commands", { ...command, text: "status" });
    await server.hub.send("slash_commands", { ...command, text: "what is 1 &lt; 2?", trigger_id: "t2" });
    await server.event({ type: "channel_id_changed", old_channel_id: "C1", new_channel_id: "C2" });
    const item = { type: "message", channel: "C1", ts: "1.5" };
    await server.event({
      type: "reaction_added",
      user: "U1",
      reaction: "thumbsup::skin-tone-2",
      item,
      event_ts: "9.5",
    });
    expect(started.received.map(({ text, reactionTo }) => [text, reactionTo])).toEqual([
      ["/status", undefined],
      ["what is 1 < 2?", undefined],
      ["👍", "1.5"],
    ]);
    expect(started.received[0]).toMatchObject({ id: "ct1", isMention: true, chat: "C1" });
    expect(started.moves).toEqual(["C1 → C2"]);
  });
});

describe("threads", () => {
  test("in a channel an answer stands below what it answers; in a thread it stays there, also after a restart", async () => {
    await using server = new FakeSlack();
    await using started = await start(server);
    await server.say("C1", { text: "one", ts: "100.1" });
    await server.say("C1", { text: "two", ts: "100.2", thread_ts: "99.9", parent_user_id: "UBOT" });
    expect(started.received.map(({ id, chat, isMention }) => [id, chat, isMention])).toEqual([
      ["100.1", "C1", false],
      ["100.2/99.9", "C1", true],
    ]);
    const other = openSlack(server);
    await other.send("C1", { id: 1, key: "a", text: "x", answers: "100.1" }, signal);
    await other.send("C1", { id: 2, key: "b", text: "x", answers: "100.2/99.9" }, signal);
    await other.send("C1", { id: 3, key: "c", text: "x" }, signal);
    await openSlack(server, { settings: { replyInThread: false } }).send(
      "C1",
      { id: 4, key: "d", text: "x", answers: "100.1" },
      signal,
    );
    const threads = server.callsOf("chat.postMessage").map(({ parameters }) => parameters["thread_ts"]);
    expect(threads).toEqual(["100.1", "99.9", undefined, undefined]);
  });

  test("a thread is a chat of its own in private, and in channels where that is asked for", async () => {
    await using server = new FakeSlack();
    await using started = await start(server, { settings: { separateThreads: true } });
    await server.say("D1", { text: "in private", ts: "100.2", thread_ts: "99.9" });
    await server.say("C1", { text: "in a channel", ts: "100.3", thread_ts: "99.8" });
    expect(started.received.map(({ chat }) => chat)).toEqual(["D1:99.9", "C1:99.8"]);
    await started.send("hello", "D1:99.9");
    expect(server.callsOf("chat.postMessage")[0]?.parameters).toMatchObject({
      channel: "D1",
      thread_ts: "99.9",
    });
  });
});

describe("what goes out", () => {
  const cases: readonly (readonly [string, Fault, SendResult["type"]])[] = [
    ["a revoked token", { type: "error", error: "token_revoked" }, "wait"],
    ["an account that is closed", { type: "error", error: "account_inactive" }, "wait"],
    [
      "an error of which Slack says that something may have been done",
      { type: "error", error: "fatal_error" },
      "unknown",
    ],
    ["its like", { type: "error", error: "internal_error" }, "unknown"],
    ["a service that takes nothing in", { type: "error", error: "service_unavailable" }, "not-sent"],
    ["a gateway that lost its server", { type: "page", status: 502 }, "unknown"],
    ["a gateway that takes nothing in", { type: "page", status: 503 }, "not-sent"],
    ["a channel that is closed", { type: "error", error: "is_archived" }, "refused"],
    ["a limit without a number", { type: "error", error: "ratelimited" }, "wait"],
  ];
  test.each(cases)("%s is told apart", async (_, fault, type) => {
    await using server = new FakeSlack();
    server.fail("chat.postMessage", fault);
    const channel = openSlack(server);
    expect((await channel.send("D1", { id: 1, key: "k", text: "x" }, signal)).type).toBe(type);
    expect(server.callsOf("chat.postMessage")).toHaveLength(1);
  });

  test("a reply whose answer was lost is found by its key, in its thread, and a file by what it is", async () => {
    await using server = new FakeSlack();
    const memory = createChannelMemory();
    const channel = openSlack(server, { memory });
    const has = async (chat: string, key: string, answers?: string) =>
      await openSlack(server, { memory }).history?.has(chat, { key, ...(answers && { answers }) }, signal);
    server.fail("chat.postMessage", { type: "lose" }, { type: "lose" }, { type: "drop" });
    const say = async (key: string, more: object) =>
      (await channel.send("C1", { id: 1, key, text: "x", ...more }, signal)).type;
    expect([await say("a", {}), await say("b", { answers: "100.1" }), await say("c", {})]).toEqual([
      "unknown",
      "unknown",
      "unknown",
    ]);
    expect([await has("C1", "a"), await has("C1", "b", "100.1"), await has("C1", "c")]).toEqual([
      true,
      true,
      false,
    ]);
    const file = { name: "a.txt", mediaType: "text/plain", bytes: new Uint8Array([1]) };
    server.fail("files.completeUploadExternal", { type: "lose" }, { type: "drop" });
    for (const [key, isThere] of [
      ["f1", true],
      ["f2", false],
    ] as const) {
      const sent = await channel.files?.send("C1", { id: 1, key, text: "" }, file, signal);
      expect(sent?.type).toBe("unknown");
      expect(await has("C1", key)).toBe(isThere);
    }
    server.fail("conversations.history", { type: "error", error: "missing_scope" });
    expect(await has("C1", "a")).toBeUndefined();
    server.fail("conversations.history", { type: "limit", seconds: 9 });
    expect(has("C1", "a")).rejects.toMatchObject({ code: "network", retryAfterMs: 9000 });
  });

  test("who was asked to wait is left alone, and the other methods go on", async () => {
    await using server = new FakeSlack();
    await using started = await start(server);
    server.fail("chat.postMessage", { type: "limit", seconds: 30 });
    expect(await started.send("one")).toMatchObject({ type: "wait", ms: 30_000, scope: "chat" });
    expect(await started.send("two")).toMatchObject({ type: "wait" });
    expect(server.callsOf("chat.postMessage")).toHaveLength(1);
    expect(await started.send("three", "D2")).toMatchObject({ type: "sent" });
    await server.say("D1", { text: "hi", ts: "5.5" });
    expect(await started.channel.react?.react("D1", "5.5", "👀", signal)).toMatchObject({ type: "sent" });
  });

  test("words that mean something to Slack mean nothing when we say them, and are seen as they are", async () => {
    await using server = new FakeSlack();
    const channel = openSlack(server);
    const text = "<!channel> <@U1> &lt; https://x.test/<a> *not bold* _plain_ `code` ~x~";
    await channel.send("D1", { id: 1, key: "k", text, isLiteral: true }, signal);
    expect(server.textsOf("D1")).toEqual([text]);
    const [call] = server.callsOf("chat.postMessage");
    expect(call?.parameters["text"]).toStartWith("&lt;!channel&gt; &lt;@U1&gt; &amp;lt;");
  });

  test("words below a file that may lead somewhere come by themselves, where a preview can be switched off", async () => {
    await using server = new FakeSlack();
    const channel = openSlack(server);
    const file = { name: "a.txt", mediaType: "text/plain", bytes: new Uint8Array([1]) };
    for (const text of ["Here it is.", "see https://x.test/?a", "[here](https://x.test)", "see x.test/a"]) {
      await channel.files?.send("D1", { id: 1, key: "k", text }, file, signal);
    }
    const below = server.callsOf("files.completeUploadExternal").map(({ parameters }) => parameters);
    expect(below.map(({ initial_comment: words }) => words)).toEqual([
      "Here it is.",
      ...Array.from({ length: 3 }, () => undefined),
    ]);
    const apart = server.callsOf("chat.postMessage").map(({ parameters }) => parameters["unfurl_links"]);
    expect(apart).toEqual(["false", "false", "false"]);
  });

  test("blocks that Slack will not take go, the words do not", async () => {
    await using server = new FakeSlack();
    const channel = openSlack(server);
    server.fail("chat.postMessage", { type: "error", error: "msg_blocks_too_long" });
    expect(await channel.send("D1", { id: 1, key: "k", text: "**b**" }, signal)).toMatchObject({
      type: "sent",
    });
    expect(server.callsOf("chat.postMessage").map(({ parameters }) => "blocks" in parameters)).toEqual([
      true,
      false,
    ]);
  });

  test("an edit of what is gone says it anew, and options that are longer than a button are told above", async () => {
    await using server = new FakeSlack();
    const channel = openSlack(server);
    expect(await channel.edit?.edit("D1", "9.9", { id: 1, key: "k", text: "x" }, signal)).toMatchObject({
      type: "sent",
    });
    expect(server.textsOf("D1")).toEqual(["x"]);
    const long = "a very long option ".repeat(10).trim();
    await channel.ask?.ask("D1", { id: 2, key: "q", text: "Which?" }, [long, "short"], signal);
    expect(server.textsOf("D1")[1]).toContain(`1. ${long}`);
  });

  test("a press that does not count is told to whoever pressed, and to nobody else", async () => {
    await using server = new FakeSlack();
    const declined: Receipt = { type: "declined", reason: "only the owner may decide" };
    await using started = await start(server, { receive: async () => declined });
    await started.channel.ask?.ask("C1", { id: 1, key: "k1", text: "Sure?" }, ["Yes", "No"], signal);
    await server.press("C1", "k1", 0, "U9");
    await server.until(() => server.ephemeral.length === 1);
    expect(server.ephemeral).toEqual([{ channel: "C1", user: "U9", text: declined.reason }]);
    expect(started.received[0]).toMatchObject({
      press: { reply: "k1", option: 0 },
      sender: { id: "U9" },
      text: "Yes",
    });
  });

  test("the sign under what is worked on stays until the end, and what a crash left standing goes at the next start", async () => {
    await using server = new FakeSlack();
    const memory = createChannelMemory();
    const signs = () => server.messages.flatMap(({ reactions }) => reactions.map(({ name }) => name));
    const turn = new AbortController();
    {
      await using started = await start(server, { memory });
      await server.say("D1", { text: "hi" });
      await started.channel.typing?.show("D1", turn.signal);
      await started.channel.typing?.show("D1", turn.signal);
      expect(signs()).toEqual(["eyes"]);
      expect(server.callsOf("reactions.add")).toHaveLength(1);
    }
    expect(signs()).toEqual(["eyes"]);
    await using again = await start(server, { memory });
    await server.until(() => signs().length === 0);
    const next = new AbortController();
    await server.say("D1", { text: "more" });
    await again.channel.typing?.show("D1", next.signal);
    next.abort();
    await server.until(() => server.callsOf("reactions.remove").length === 2);
    expect(signs()).toEqual([]);
  });

  test("a file goes to Slack alone with the token, and a page to sign in is no file", async () => {
    await using server = new FakeSlack();
    const channel = openSlack(server);
    const id = server.files.add("F7", "a.txt", "what it holds");
    const address = `http://127.0.0.1:${server.port}/files/${id}`;
    const bytes = await channel.files?.fetch(address, signal);
    expect(await new Response(bytes).text()).toBe("what it holds");
    expect(channel.files?.fetch("https://elsewhere.example/x", signal)).rejects.toMatchObject({
      code: "network",
    });
    const seen: string[] = [];
    await using thief = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: (request) => (seen.push(request.headers.get("authorization") ?? "none"), new Response("x")),
    });
    server.files.moved.set("F8", `http://localhost:${thief.port}/`);
    const moved = `http://127.0.0.1:${server.port}/files/F8`;
    await expect(channel.files?.fetch(moved, signal)).rejects.toMatchObject({ code: "network" });
    expect(seen).toEqual([]);
    // Whoever follows by himself is led there.
    await fetch(moved);
    expect(seen).toHaveLength(1);
    server.botToken = "xoxb-another-one";
    expect(channel.files?.fetch(address, signal)).rejects.toThrow("may not read files");
  });
});

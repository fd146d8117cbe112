import { runChannel } from "../../../test/fakes/run-channel.ts";
import { describe, expect, test } from "bun:test";
import { createChannelMemory } from "../../../test/fakes/channel-memory.ts";
import { openTelegram, type FakeSetting } from "../../../test/fakes/telegram/open-channel.ts";
import { FakeTelegram, toChat, type Fault } from "../../../test/fakes/telegram/server.ts";
import type { Channel, Receipt, SendResult } from "../channel.ts";

const signal = new AbortController().signal;

async function start(
  server: FakeTelegram,
  options: FakeSetting & { channel?: Channel; receipt?: Receipt } = {},
) {
  const memory = options.memory ?? createChannelMemory();
  if (options.memory === undefined) await memory.write("began", String(server.me.id));
  const channel = options.channel ?? openTelegram(server, { ...options, memory });
  return await runChannel(channel, { chat: "77", receive: async () => options.receipt });
}

const error = (code: number, text: string, parameters?: object): Fault => ({
  type: "error",
  code,
  text,
  ...(parameters === undefined ? {} : { parameters }),
});

describe("what comes in", () => {
  test("what was written before the first start is not answered; what was written before the second is", async () => {
    await using server = new FakeTelegram();
    const memory = createChannelMemory();
    void server.say("77", { text: "old" });
    {
      await using first = await start(server, { memory });
      await server.say("77", { text: "new" });
      expect(first.received.map(({ text }) => text)).toEqual(["new"]);
    }
    const waiting = server.say("77", { text: "while it was away" });
    await using second = await start(server, { memory });
    await waiting;
    expect(second.received.map(({ text }) => text)).toEqual(["while it was away"]);
  });

  test("an album whose parts come apart is one message", async () => {
    await using server = new FakeTelegram();
    await using started = await start(server, { pace: { albumMs: 60 } });
    const photo = (id: string) => [{ file_id: id, file_unique_id: id, width: 1, height: 1 }];
    const parts = [server.say("77", { media_group_id: "g", photo: photo("a"), caption: "both" })];
    await server.until(() => server.handedOut > 0);
    parts.push(server.say("77", { media_group_id: "g", photo: photo("b") }));
    await Promise.all(parts);
    expect(started.received).toHaveLength(1);
    expect(started.received[0]).toMatchObject({
      text: "both",
      files: [{ reference: "a" }, { reference: "b" }],
    });
  });

  test("a poll that stays silent is a connection that is none any more", async () => {
    await using server = new FakeTelegram();
    await using started = await start(server, { pace: { holdSeconds: 0, graceMs: 80 } });
    server.fail("getUpdates", { type: "hang" });
    expect(await started.over).toMatchObject({ code: "network", words: { key: "telegram.notReached" } });
    await using again = await start(server, { channel: started.channel });
    await server.say("77", { text: "back" });
    expect(again.received).toHaveLength(1);
  });

  test("a second reader is told of, with what to do", async () => {
    await using server = new FakeTelegram();
    await using started = await start(server);
    await server.until(() => server.callsOf("getUpdates").length >= 2);
    void fetch(`${server.base}/bot${server.token}/getUpdates`, { method: "POST", body: "{}" });
    expect(await started.over).toMatchObject({ code: "conflict", words: { key: "telegram.otherReader" } });
  });

  test("a webhook in the way is taken out, and what waits there comes here", async () => {
    await using server = new FakeTelegram();
    server.webhook = "https://elsewhere.example/hook";
    await using started = await start(server);
    expect(await started.over).toMatchObject({ words: { key: "telegram.webhookRemoved" } });
    expect(server.callsOf("deleteWebhook")[0]?.parameters).toEqual({ drop_pending_updates: false });
  });

  test("a token that is revoked is asked with less and less often, and no error holds it", async () => {
    await using server = new FakeTelegram();
    await using started = await start(server);
    const { token } = server;
    await server.until(() => server.callsOf("getUpdates").length >= 2);
    server.token = "4711:another_token";
    server.disconnect();
    const waits: unknown[] = [];
    let failure = await started.over;
    for (let tries = 0; tries < 8; tries++) {
      const again = await start(server, { channel: started.channel });
      failure = await again.over;
      waits.push(failure instanceof Error && "retryAfterMs" in failure ? failure.retryAfterMs : undefined);
    }
    expect(waits).toEqual([60_000, 120_000, 240_000, 480_000, 960_000, 1_920_000, 3_600_000, 3_600_000]);
    expect(Bun.inspect(failure)).not.toContain(token);
    server.token = token;
    await using mended = await start(server, { channel: started.channel });
    await server.say("77", { text: "hi" });
    expect(mended.received).toHaveLength(1);
  });

  test("an update that makes no sense does not stand in the way", async () => {
    await using server = new FakeTelegram();
    await using started = await start(server);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what no server should send
    await server.update({ message: { message_id: 1, text: "no chat" } as never });
    await server.say("77", { text: "hi" });
    expect(started.received.map(({ text }) => text)).toEqual(["hi"]);
  });

  test("after a week of silence Telegram counts on from a smaller number, and nothing is missed", async () => {
    await using server = new FakeTelegram();
    await using started = await start(server, { pace: { holdSeconds: 0 } });
    await server.say("77", { text: "before" });
    const asked = server.callsOf("getUpdates").length;
    await server.until(() => server.callsOf("getUpdates").length > asked + 1);
    server.countOnFrom(5);
    await server.say("77", { text: "after" });
    expect(started.received.map(({ text }) => text)).toEqual(["before", "after"]);
  });

  test("a press is handed over with its reply's key, and the presser sees why it did not count", async () => {
    await using server = new FakeTelegram();
    await using started = await start(server, { receipt: { type: "declined", reason: "not yours" } });
    const key = `t1k${"x".repeat(90)}`;
    await started.channel.ask?.ask("77", { id: 1, key, text: "Sure?" }, ["Yes", "No"], signal);
    const markup = server.callsOf("sendMessage")[0]?.parameters["reply_markup"];
    const data =
      (markup as { inline_keyboard: { callback_data: string }[][] }).inline_keyboard[1]?.[0]?.callback_data ??
      "";
    expect(Buffer.byteLength(data)).toBeLessThanOrEqual(64);
    const from = { id: 99, is_bot: false, first_name: "Bo" };
    const message = server.createMessage("77", { text: "Sure?" });
    await server.update({ callback_query: { id: "q1", from, chat_instance: "i", message, data } });
    expect(started.received[0]).toMatchObject({ sender: { id: "99" }, press: { reply: key, option: 1 } });
    expect(server.callsOf("answerCallbackQuery")[0]?.parameters).toMatchObject({
      callback_query_id: "q1",
      text: "not yours",
    });
  });

  test("a file is fetched, and not one that is gone, or that is a path of the server's own disk", async () => {
    await using server = new FakeTelegram();
    const { files } = openTelegram(server);
    server.files.set("documents/a b.txt", new TextEncoder().encode("content"));
    expect(await new Response(await files?.fetch("documents/a b.txt", signal)).text()).toBe("content");
    expect(files?.fetch("gone", signal)).rejects.toMatchObject({ words: { key: "telegram.noFile" } });
    server.files.set("/etc/passwd", new Uint8Array(1));
    server.files.set("../../x", new Uint8Array(1));
    expect(files?.fetch("/etc/passwd", signal)).rejects.toMatchObject({ code: "not-found" });
    expect(files?.fetch("../../x", signal)).rejects.toMatchObject({ code: "not-found" });
  });
});

test("the commands are offered where somebody types a slash, and set once", async () => {
  await using server = new FakeTelegram();
  const memory = createChannelMemory();
  for (let starts = 0; starts < 2; starts++) {
    await using _ = await start(server, { memory });
  }
  const [menu, ...again] = server.callsOf("setMyCommands");
  expect(menu?.parameters["commands"]).toContainEqual({
    command: "stop",
    description: "stop what is running",
  });
  expect(again).toEqual([]);
});

describe("what goes out", () => {
  test("words and marks, without a preview of links", async () => {
    await using server = new FakeTelegram();
    await using started = await start(server);
    await started.send("a **bold** [link](https://a.example)");
    expect(server.shown[0]).toMatchObject({
      text: "a bold link",
      entities: [
        { type: "bold", offset: 2, length: 4 },
        { type: "text_link", url: "https://a.example/" },
      ],
      call: { parameters: { chat_id: 77, link_preview_options: { is_disabled: true } } },
    });
  });

  test("a card is seen letter by letter: no mark in it can hide what is asked for", async () => {
    await using server = new FakeTelegram();
    await using started = await start(server);
    const text = "rm *.txt [harmless](https://evil.example) `x`";
    await started.send(text, "77", { isLiteral: true });
    await started.send(text);
    expect(server.textsOf("77")).toEqual([text, "rm *.txt harmless x"]);
  });

  test("a text is cut when it is written, and a piece is sent as it was cut", async () => {
    await using server = new FakeTelegram();
    await using started = await start(server);
    const code = `Look:\n\`\`\`ts\n${"const a = 1;\n".repeat(500)}\`\`\``;
    const pieces = started.channel.format?.toPieces(code) ?? [];
    expect(pieces).toHaveLength(2);
    for (const piece of pieces) await started.send(piece.text, "77", piece);
    expect(server.shown.map(({ entities }) => entities.map(({ type }) => type))).toEqual([["pre"], ["pre"]]);
    expect(started.channel.format?.toPieces("  ")).toEqual([{ text: "…", format: "[]" }]);
  });

  test("in a group the answer shows what it answers, in the same topic", async () => {
    await using server = new FakeTelegram();
    await using started = await start(server);
    const topic = { is_topic_message: true, message_thread_id: 45 } as const;
    await server.say("-1001", { message_id: 900, text: "hi", ...topic });
    await started.send("hello", "-1001", { answers: "900" });
    await started.channel.typing?.show("-1001", signal);
    const where = { chat_id: -1001, message_thread_id: 45 };
    expect(server.callsOf("sendMessage")[0]?.parameters).toMatchObject({
      ...where,
      reply_parameters: { message_id: 900, allow_sending_without_reply: true },
    });
    expect(server.callsOf("sendChatAction")[0]?.parameters).toMatchObject({ ...where, action: "typing" });
  });

  test("formatting that is refused all the same goes, the words stay", async () => {
    await using server = new FakeTelegram();
    await using started = await start(server);
    server.fail("sendMessage", error(400, "Bad Request: can't parse entities: whatever"));
    expect(await started.send("**a**")).toMatchObject({ type: "sent" });
    expect(server.shown[0]).toMatchObject({ text: "a", entities: [] });
  });

  test("a group that became a supergroup gets what was on its way, and is followed", async () => {
    await using server = new FakeTelegram();
    await using started = await start(server);
    const moved = error(400, "Bad Request: group chat was upgraded to a supergroup chat", {
      migrate_to_chat_id: -1005,
    });
    server.fail("sendMessage", moved);
    expect(await started.send("hi", "-5")).toMatchObject({ type: "sent" });
    expect(server.textsOf("-1005")).toEqual(["hi"]);
    void server.update({ message: server.createMessage(toChat("-6"), { migrate_to_chat_id: -1006 }) });
    await server.until(() => server.unacknowledged === 0);
    expect(started.moves).toEqual(["-5 → -1005", "-6 → -1006"]);
  });

  test("a wait that is asked for is kept by the chat alone, and by all when a second one hears it", async () => {
    await using server = new FakeTelegram();
    await using started = await start(server);
    const slow = error(429, "Too Many Requests: retry after 33", { retry_after: 33 });
    server.fail("sendMessage", slow);
    expect(await started.send("a", "1")).toMatchObject({ type: "wait", ms: 33_000, scope: "chat" });
    expect(await started.send("a", "2")).toMatchObject({ type: "sent" });
    const again = await started.send("a", "1");
    expect(again).toMatchObject({ type: "wait", scope: "chat" });
    expect(server.callsOf("sendMessage")).toHaveLength(2);
    server.fail("sendMessage", slow);
    expect(await started.send("b", "3")).toMatchObject({ type: "wait", ms: 33_000, scope: "account" });
  });

  test.each<[string, Fault, string]>([
    ["blocked", error(403, "Forbidden: bot was blocked by the user"), "refused"],
    ["a chat that is gone", error(400, "Bad Request: chat not found"), "refused"],
    [
      "no right to write",
      error(400, "Bad Request: not enough rights to send text messages to the chat"),
      "refused",
    ],
    ["a server that fails", error(500, "Internal Server Error"), "not-sent"],
    ["a page of a proxy", { type: "page", status: 502 }, "not-sent"],
    ["a token that is none", error(401, "Unauthorized"), "wait"],
    ["an answer that was cut off", { type: "lose" }, "unknown"],
  ])("%s", async (_, fault, type) => {
    await using server = new FakeTelegram();
    await using started = await start(server);
    server.fail("sendMessage", fault);
    const result = await started.send("hi");
    expect(result.type).toBe(type as SendResult["type"]);
    expect(JSON.stringify(result)).not.toContain(server.token);
  });

  test("nobody at the address: nothing has left", async () => {
    await using server = new FakeTelegram();
    await using started = await start(server);
    await server.goAway();
    expect((await started.send("hi")).type).toBe("not-sent");
  });

  test("an edit that changes nothing has been made; what somebody deleted is said again", async () => {
    await using server = new FakeTelegram();
    await using started = await start(server);
    const sent = await started.send("first");
    const id = sent.type === "sent" ? (sent.platformId ?? "") : "";
    const edit = (message: string, text: string) =>
      started.channel.edit?.edit("77", message, { id: 1, key: "k1", text }, signal);
    expect(await edit(id, "first")).toEqual({ type: "sent", platformId: id });
    expect(await edit("999", "last words")).toMatchObject({ type: "sent" });
    expect(server.textsOf("77")).toEqual(["first", "last words"]);
  });

  test.each([
    ["image/png", "sendPhoto", "photo"],
    ["image/gif", "sendAnimation", "animation"],
    ["audio/ogg; codecs=opus", "sendVoice", "voice"],
    ["audio/mpeg", "sendAudio", "audio"],
    ["application/pdf", "sendDocument", "document"],
    ["image/svg+xml", "sendDocument", "document"],
  ])("%s is sent by %s", async (mediaType, method, field) => {
    await using server = new FakeTelegram();
    const { files } = openTelegram(server);
    const file = { name: "näme.bin", mediaType, bytes: Uint8Array.from([1, 2, 0, 255]) };
    expect(await files?.send("77", { id: 1, key: "k", text: "see **this**" }, file, signal)).toMatchObject({
      type: "sent",
    });
    const [call] = server.callsOf(method);
    expect(call?.file).toMatchObject({ field, name: "näme.bin", bytes: file.bytes });
    expect(call?.parameters).toMatchObject({
      caption: "see this",
      caption_entities: [{ type: "bold", offset: 4, length: 4 }],
    });
  });

  test("a picture that Telegram does not take as one goes as a file; words that are too long go behind it", async () => {
    await using server = new FakeTelegram();
    const { files } = openTelegram(server);
    server.fail("sendPhoto", error(400, "Bad Request: PHOTO_INVALID_DIMENSIONS"));
    const file = { name: "a.png", mediaType: "image/png", bytes: new Uint8Array(3) };
    await files?.send("77", { id: 1, key: "k", text: "long ".repeat(300) }, file, signal);
    expect(server.shown.map(({ call, text }) => [call.method, text.length > 1024])).toEqual([
      ["sendDocument", false],
      ["sendMessage", true],
    ]);
  });

  test("a sign under a message", async () => {
    await using server = new FakeTelegram();
    await openTelegram(server).react?.react("77", "5", "👀", signal);
    expect(server.callsOf("setMessageReaction")[0]?.parameters).toEqual({
      chat_id: 77,
      message_id: 5,
      reaction: [{ type: "emoji", emoji: "👀" }],
    });
  });
});

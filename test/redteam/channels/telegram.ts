import { explain } from "../../../src/errors.ts";
import { createChannelMemory } from "../../fakes/channel-memory.ts";
import { runChannel } from "../../fakes/run-channel.ts";
import { openTelegram } from "../../fakes/telegram/open-channel.ts";
import { FakeTelegram } from "../../fakes/telegram/server.ts";
import type { ChannelAttack } from "./attack.ts";
import { isStrangersFileFetched, withoutAsking } from "./read-by-strangers.ts";
import { addressOfThief, sendAndEdit } from "./send-and-edit.ts";

const { signal } = new AbortController();
const folder = "src/channels/telegram";
const eve = { id: 99, is_bot: false, first_name: "Eve" };

/** A bot that has been at work before: nothing that comes is old. */
async function open(server: FakeTelegram) {
  const memory = createChannelMemory();
  await memory.write("began", String(server.me.id));
  return openTelegram(server, { memory });
}

export const telegramAttacks: readonly ChannelAttack[] = [
  {
    attack: "has Telegram ask for a page whose address carries something out",
    switchOff: {
      without: "previews being off",
      edits: [{ file: `${folder}/deliver.ts`, from: "is_disabled: true", to: "is_disabled: false" }],
    },
    attempt: async () => {
      await using server = new FakeTelegram();
      await sendAndEdit(await open(server), "501", `see ${addressOfThief}`);
      // Below a file Telegram shows none.
      return [...server.callsOf("sendMessage"), ...server.callsOf("editMessageText")].some(
        ({ parameters: { text, link_preview_options: options } }) =>
          String(text).includes("//thief.test") &&
          (options as { is_disabled?: boolean } | undefined)?.is_disabled !== true,
      );
    },
  },
  {
    attack: "reads the bot's token in an error of the connection",
    switchOff: {
      without: "an error's own words staying out",
      edits: [
        {
          file: "src/channels/call-failure.ts",
          from: "reason: `no connection (${code})`",
          to: "reason: `no connection (${Bun.inspect(error)})`",
        },
      ],
    },
    attempt: async () => {
      const server = new FakeTelegram();
      const channel = await open(server);
      await server.goAway();
      const receiver = { receive: async () => ({ type: "known", message: 1 }) as const, connected: () => {} };
      const failed = await channel.start(receiver, signal).then(() => undefined, explain);
      return Bun.inspect(failed).includes(server.token);
    },
  },
  {
    attack: "has a file fetched on Telegram from another place than where files are",
    switchOff: {
      without: "the look at the path",
      edits: [
        {
          file: `${folder}/fetch-file.ts`,
          from: 'return path.split("/").includes("..") ? undefined : path;',
          to: "return path;",
        },
      ],
    },
    attempt: async () => {
      const asked: string[] = [];
      await using own = Bun.serve({
        hostname: "127.0.0.1",
        port: 0,
        fetch: (request) => {
          asked.push(new URL(request.url).pathname);
          return Response.json({ ok: true, result: { file_id: "F", file_path: "../../inner" } });
        },
      });
      await using server = new FakeTelegram();
      Object.defineProperty(server, "base", { value: `http://127.0.0.1:${own.port}` });
      await openTelegram(server)
        .files?.fetch("F", signal)
        .catch(() => undefined);
      return asked.includes("/inner");
    },
  },
  {
    attack: "presses a button on Telegram and is taken for somebody else",
    switchOff: {
      without: "the presser being whom Telegram names as such",
      edits: [
        {
          file: `${folder}/read-update.ts`,
          from: "sender: toSender(query.from),",
          to: 'sender: "from" in message && message.from !== undefined ? toSender(message.from) : toSender(query.from),',
        },
      ],
    },
    attempt: async () => {
      await using server = new FakeTelegram();
      await using under = await runChannel(await open(server), { chat: "501" });
      const message = server.createMessage("501", { text: "Sure?" });
      await server.update({
        callback_query: { id: "q1", from: eve, chat_instance: "1", data: "k1:0", message },
      });
      return under.received.some(({ press, sender }) => press !== undefined && sender.id !== "99");
    },
  },
  {
    attack: "is let in by nobody and has a file of his fetched from Telegram",
    switchOff: { without: "the question who may write, before anything is done", edits: withoutAsking },
    attempt: async () => {
      await using server = new FakeTelegram();
      server.files.set("F9", new TextEncoder().encode("x"));
      const words = { caption: "@nano_test_bot open it", text: "@nano_test_bot open it" };
      const mark = [{ type: "mention", offset: 0, length: 14 } as const];
      const { caption, text } = words;
      const document = { file_id: "F9", file_unique_id: "F9", file_name: "a.txt", mime_type: "text/plain" };
      return await isStrangersFileFetched({
        channel: await open(server),
        chat: "-100",
        owner: "77",
        sendAsStranger: () => server.say("-100", { from: eve, caption, caption_entities: mark, document }),
        sayAsOwner: () => server.say("-100", { text, entities: mark }),
        answered: () => server.until(() => server.textsOf("-100").includes("yes")),
        isFetched: () => server.callsOf("getFile").length > 0,
      });
    },
  },
];

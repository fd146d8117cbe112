import type { InlineKeyboardMarkup } from "@grammyjs/types";
import { createChannelMemory } from "../fakes/channel-memory.ts";
import { openTelegram } from "../fakes/telegram/open-channel.ts";
import { FakeTelegram } from "../fakes/telegram/server.ts";
import { renameChats } from "./rename-chats.ts";
import { testChannel, type ChannelUnderTest } from "./channel.ts";

/** Telegram numbers chats. */
const chats: Readonly<Record<string, string>> = { c1: "101", c2: "102" };

async function open(): Promise<ChannelUnderTest> {
  const server = new FakeTelegram();
  const memory = createChannelMemory();
  await memory.write("began", String(server.me.id));
  const channel = openTelegram(server, { memory });
  const toReal = (chat: string): string => chats[chat] ?? chat;
  const toMessage = (id: string): string => (/^m\d+$/.test(id) ? String(Number(id.slice(1)) + 1) : id);
  const toId = (message: string): string => (/^\d+$/.test(message) ? `m${Number(message) - 1}` : message);
  return {
    channel: renameChats(channel, { toChat: toReal, toMessage, toId }),
    async write({ chat, id, text }) {
      await server.say(toReal(chat), { message_id: Number(id.slice(1)) + 1, text });
      return true;
    },
    read: async (chat) => server.textsOf(toReal(chat)),
    // Marks become entities, and a link that leads nowhere says so.
    toSeen: (text) => (text.startsWith("a *b*") ? "a b c d <b>e</b> & f (g) 你好 🙂" : text),
    disconnect: () => server.disconnect(),
    loseNextAnswer: () => server.fail("sendMessage", { type: "lose" }),
    refuseNextConnection: () => server.fail("sendMessage", { type: "page", status: 502 }),
    refuseNext: () =>
      server.fail("sendMessage", {
        type: "error",
        code: 403,
        text: "Forbidden: bot was blocked by the user",
      }),
    slowDown: (ms) =>
      server.fail("sendMessage", {
        type: "error",
        code: 429,
        text: "Too Many Requests",
        parameters: { retry_after: ms / 1000 },
      }),
    press: async (chat, _key, option) => {
      const shown = server.shown.findLast((each) => each.chat === toReal(chat));
      const markup = shown?.call.parameters["reply_markup"] as InlineKeyboardMarkup | undefined;
      const button = markup?.inline_keyboard[option]?.[0];
      const data = button !== undefined && "callback_data" in button ? button.callback_data : "";
      const message = server.createMessage(toReal(chat), { text: shown?.text ?? "" });
      await server.update({
        callback_query: { id: "1", from: message.from, chat_instance: "i", message, data },
      });
    },
    readFiles: async (chat) =>
      server.shown.flatMap(({ chat: place, text, call: { file } }) =>
        place === toReal(chat) && file !== undefined ? [{ name: file.name, bytes: file.bytes, text }] : [],
      ),
    readSigns: async (chat, message) =>
      server
        .callsOf("setMessageReaction")
        .filter(({ parameters }) => isAt(parameters, toReal(chat), toMessage(message)))
        .flatMap(({ parameters }) => parameters["reaction"] as { readonly emoji: string }[])
        .map(({ emoji }) => emoji),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

function isAt(parameters: Readonly<Record<string, unknown>>, chat: string, message: string): boolean {
  return String(parameters["chat_id"]) === chat && String(parameters["message_id"]) === message;
}

testChannel("telegram", open);

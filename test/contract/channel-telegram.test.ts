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
  const toId = (message: string): string => `m${Number(message) - 1}`;
  return {
    channel: renameChats(channel, { toChat: toReal, toId }),
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
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

testChannel("telegram", open);

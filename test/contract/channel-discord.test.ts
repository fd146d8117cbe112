import { createChannelMemory } from "../fakes/channel-memory.ts";
import { openDiscord } from "../fakes/discord/open-channel.ts";
import { readMarkdown } from "../fakes/discord/read-markdown.ts";
import { FakeDiscord } from "../fakes/discord/server.ts";
import { renameChats } from "./rename-chats.ts";
import { testChannel, type ChannelUnderTest } from "./channel.ts";

/** Discord numbers chats and messages. */
const chats: Readonly<Record<string, string>> = { c1: "101", c2: "102" };

async function open(): Promise<ChannelUnderTest> {
  const server = new FakeDiscord();
  const channel = openDiscord(server, { memory: createChannelMemory() });
  const toReal = (chat: string): string => chats[chat] ?? chat;
  const toMessage = (id: string): string => (/^m\d+$/.test(id) ? String(Number(id.slice(1)) + 1) : id);
  const toId = (id: string): string => (/^\d+$/.test(id) ? `m${Number(id) - 1}` : id);
  return {
    channel: renameChats(channel, { toChat: toReal, toMessage, toId }),
    async write({ chat, id, text }) {
      await server.say(toReal(chat), { id: toMessage(id), content: text });
      return true;
    },
    read: async (chat) => server.textsOf(toReal(chat)),
    // Marks become marks, and a link that leads nowhere says so.
    toSeen: (text) => (text.startsWith("a *b*") ? "a b c d <b>e</b> & f (g) 你好 🙂" : text),
    disconnect: () => server.disconnect(),
    loseNextAnswer: () => server.fail("send", { type: "lose" }),
    refuseNextConnection: () => server.fail("send", { type: "page", status: 503 }),
    refuseNext: () =>
      server.fail("send", {
        type: "error",
        status: 403,
        body: { code: 50_007, message: "Cannot send messages to this user" },
      }),
    slowDown: (ms) =>
      server.fail("send", {
        type: "error",
        status: 429,
        body: { message: "You are being rate limited.", retry_after: ms / 1000, global: false },
      }),
    press: async (chat, _key, option) => {
      const message = server.shownIn(toReal(chat)).findLast(({ components = [] }) => components.length > 0);
      const button = message?.components?.[0]?.components[option];
      await server.press(toReal(chat), button?.label ?? "");
    },
    readFiles: async (chat) =>
      server.shownIn(toReal(chat)).flatMap(({ file, content }) => {
        const { name, bytes } = (file ?? {}) as { name?: string; bytes?: Uint8Array };
        return name === undefined || bytes === undefined
          ? []
          : [{ name, bytes, text: readMarkdown(content).text }];
      }),
    readSigns: async (_chat, id) => {
      const message = server.messages.find((each) => each.id === toMessage(id));
      return (message?.reactions ?? []).map(({ emoji }) => emoji.name);
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

testChannel("discord", open);

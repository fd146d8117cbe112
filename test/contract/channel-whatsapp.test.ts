import { afterAll } from "bun:test";
import { createChannelMemory } from "../fakes/channel-memory.ts";
import { linkDevice, openWhatsApp, trust } from "../fakes/whatsapp/open-channel.ts";
import { FakeWhatsApp } from "../fakes/whatsapp/server.ts";
import { renameChats } from "./rename-chats.ts";
import { testChannel, type ChannelUnderTest } from "./channel.ts";

/** To make a link takes the keys of a thousand messages: one is enough for all. */
let linked: ReturnType<typeof link> | undefined;

async function link() {
  const server = new FakeWhatsApp();
  trust(server);
  const memory = createChannelMemory();
  await linkDevice(server, memory);
  return { server, memory };
}

afterAll(async () => await (await linked)?.server[Symbol.asyncDispose]());

async function open(): Promise<ChannelUnderTest> {
  const { server, memory } = await (linked ??= link());
  server.forget();
  const { ask: _, ...channel } = openWhatsApp(server, { memory });
  return {
    channel: renameChats(channel, { toChat: (name) => server.contact(name).phoneId }),
    async write({ chat, id, text }) {
      await server.say({ from: chat, id, text });
      return true;
    },
    read: async (chat) =>
      server.shown.filter((each) => each.chat === chat && each.signs.length === 0).map(({ text }) => text),
    toSeen: (text) => (text.startsWith("a *b*") ? "a _b_ _c_ `d` <b>e</b> & f (g) 你好 🙂" : text),
    disconnect: () => server.disconnect(),
    refuseNext: () => server.fail({ type: "error", code: 463 }),
    readFiles: async (chat) => await server.filesOf(chat),
    readSigns: async (chat, message) =>
      server.shown
        .filter((each) => each.chat === chat)
        .flatMap(({ signs }) => signs)
        .filter((sign) => sign.startsWith(`${message} `))
        .map((sign) => sign.slice(message.length + 1)),
    [Symbol.asyncDispose]: async () => {},
  };
}

testChannel("whatsapp", open);

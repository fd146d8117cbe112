import { openSlack } from "../fakes/slack/open-channel.ts";
import { FakeSlack } from "../fakes/slack/server.ts";
import { renameChats } from "./rename-chats.ts";
import { testChannel, type ChannelUnderTest } from "./channel.ts";

/** Slack names conversations, and messages by their time. */
const chats: Readonly<Record<string, string>> = { c1: "D101", c2: "D102" };
const firstTime = 1_700_000_000;

async function open(): Promise<ChannelUnderTest> {
  const server = new FakeSlack();
  const channel = openSlack(server);
  const toReal = (chat: string): string => chats[chat] ?? chat;
  const toTime = (id: string): string =>
    id.startsWith("m") ? `${firstTime + Number(id.slice(1))}.000100` : id;
  const toId = (time: string): string =>
    /^[\d.]+$/.test(time) ? `m${Math.floor(Number(time)) - firstTime}` : time;
  return {
    channel: renameChats(channel, { toChat: toReal, toMessage: toTime, toId }),
    async write({ chat, id, text }) {
      const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
      await server.say(toReal(chat), { ts: toTime(id), text: escaped });
      return true;
    },
    read: async (chat) => server.textsOf(toReal(chat)),
    // Marks become styles, and a link that leads nowhere says so.
    toSeen: (text) => (text.startsWith("a *b*") ? "a b c d <b>e</b> & f (g) 你好 🙂" : text),
    disconnect: () => server.hub.disconnect(),
    loseNextAnswer: () => server.fail("chat.postMessage", { type: "lose" }),
    refuseNextConnection: () => server.fail("chat.postMessage", { type: "page", status: 503 }),
    refuseNext: () => server.fail("chat.postMessage", { type: "error", error: "channel_not_found" }),
    slowDown: (ms) => server.fail("chat.postMessage", { type: "limit", seconds: ms / 1000 }),
    press: (chat, key, option) => server.press(toReal(chat), key, option),
    readFiles: async (chat) =>
      server.messages
        .filter((each) => each.channel === toReal(chat) && each.files !== undefined)
        .flatMap(({ files: list = [], text }) =>
          list.map(({ id }) => {
            const { name = "", bytes = new Uint8Array() } = server.files.find(String(id)) ?? {};
            return { name, bytes, text };
          }),
        ),
    readSigns: async (chat, message) => {
      const found = server.messages.find(
        (each) => each.channel === toReal(chat) && each.ts === toTime(message),
      );
      return (found?.reactions ?? []).map(({ name }) => (name === "+1" ? "👍" : name));
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

testChannel("slack", open);

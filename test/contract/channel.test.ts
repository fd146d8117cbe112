import type { OutgoingReply, SendResult } from "../../src/channels/channel.ts";
import { MemoryPlatform } from "../fakes/memory-platform.ts";
import { testChannel, type ChannelUnderTest } from "./channel.ts";

function openMemory(isIdempotent: boolean): () => Promise<ChannelUnderTest> {
  return async () => {
    let next: SendResult | "accepted" | undefined;
    const fate = (_: OutgoingReply): SendResult | "accepted" | undefined => {
      const current = next;
      next = undefined;
      return current;
    };
    const platform = new MemoryPlatform({ isIdempotent, canEdit: true, canMore: true, fate });
    return {
      channel: platform.channel,
      write: async (message) => (await platform.deliver(message)).type === "accepted",
      read: async (chat) => platform.textsOf(chat),
      disconnect: () => platform.disconnect(),
      loseNextAnswer: () => (next = "accepted"),
      refuseNextConnection: () => (next = { type: "not-sent", reason: "refused" }),
      refuseNext: () => (next = { type: "refused", reason: "blocked" }),
      press: async (chat, key, option) => {
        const reply = platform.seen.find((each) => each.chat === chat && each.key === key);
        if (reply === undefined) throw new Error("there is no such reply");
        await platform.press(reply, option);
      },
      readFiles: async (chat) =>
        platform.seen.flatMap(({ chat: where, file, text }) =>
          where === chat && file !== undefined ? [{ ...file, text }] : [],
        ),
      readSigns: async (_chat, message) =>
        platform.signs
          .filter((sign) => sign.startsWith(`${message} `))
          .map((sign) => sign.slice(message.length + 1)),
      slowDown: (ms) => (next = { type: "wait", ms, scope: "chat", reason: "slow down" }),
      [Symbol.asyncDispose]: async () => {},
    };
  };
}

testChannel("the platform in memory", openMemory(false));
testChannel("the platform in memory that knows a key", openMemory(true));

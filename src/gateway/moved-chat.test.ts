import { expect, test } from "bun:test";
import { ChatBench } from "../../test/fakes/chat-bench.ts";
import { createAnsweringProvider, saying } from "../../test/fakes/loop.ts";
import { MemoryPlatform } from "../../test/fakes/memory-platform.ts";
import { systemClock } from "../clock.ts";
import { findChat, moveChat } from "../store/chats.ts";

test.each([[false], [true]])(
  "a chat that has another id keeps its group and its replies (seen before: %p)",
  async (wasSeen) => {
    const platform = new MemoryPlatform({ authenticatesSenders: true });
    const provider = createAnsweringProvider([saying("seen")]);
    await using bench = await ChatBench.open({ provider, platform, clock: systemClock });
    await bench.start();
    const team = await bench.addGroup("team");
    await bench.bind("-5", team);
    const { database } = bench.store;
    if (wasSeen) {
      await platform.deliver({
        chat: "-1005",
        text: "first words there",
        isPrivate: false,
        sender: { id: "eve" },
      });
    }
    const address = { channel: "memory", account: "default", chat: "-5" };
    await database.transaction((tx) => moveChat(tx, address, "-1005"));
    expect((await findChat(database, { ...address, chat: "-1005" }))?.group).toBe(team.id);
    expect((await findChat(database, address))?.group).toBeUndefined();
    await platform.deliver({ chat: "-1005", text: "@Andy hi", isPrivate: false, isMention: true });
    await platform.waitForReplies(1);
    expect(platform.textsOf("-1005")).toEqual(["seen"]);
  },
);

import { expect, test } from "bun:test";
import { ChatBench } from "../../test/fakes/chat-bench.ts";
import { calling, createAnsweringProvider, saying } from "../../test/fakes/loop.ts";
import { MemoryPlatform } from "../../test/fakes/memory-platform.ts";
import { MortalLife } from "../../test/fakes/mortal-store.ts";
import { settleAll, VirtualClock } from "../../test/fakes/virtual-clock.ts";
import { interruptedResult } from "../agent/transcript.ts";
import { toMessageId } from "../store/ids.ts";
import { defineTool } from "../tools/schema.ts";
import { tellStory } from "./message-story.ts";

test("after a death in the middle of a call the model hears of the call, and not of an answer that there never was", async () => {
  const life = new MortalLife(Number.POSITIVE_INFINITY);
  const ring = defineTool({
    name: "ring",
    description: "rings",
    input: { type: "object", properties: {} },
    effect: "write",
    action: "files.write",
    title: () => "ring the bell",
    execute: () => {
      life.end();
      return new Promise(() => {});
    },
  });
  const provider = createAnsweringProvider([
    calling({ id: "a", name: "ring", arguments: "{}" }),
    saying("It may have rung."),
  ]);
  const platform = new MemoryPlatform({ authenticatesSenders: true });
  await using bench = await ChatBench.open({
    provider,
    platform,
    clock: new VirtualClock(),
    moreTools: () => [ring],
  });
  await bench.start(life);
  await platform.deliver({ text: "ring" });
  await life.death;
  await settleAll();
  await bench.bury();
  await bench.start();
  await platform.waitForReplies(1);
  const asked = provider.requests[1]?.messages ?? [];
  expect(asked.map(({ role }) => role)).toEqual(["user", "assistant", "tool"]);
  expect(asked.at(-1)).toMatchObject({ content: interruptedResult, isError: true });
  // And so does who asks why.
  const { chapters = [] } = (await tellStory(bench.store.database, toMessageId(1))) ?? {};
  expect(chapters.map(({ text }) => text)).toContain("ring the bell (begun; nobody knows what came of it)");
});

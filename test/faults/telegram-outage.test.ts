import { expect, test } from "bun:test";

import type { Channel } from "../../src/channels/channel.ts";
import { ChatBench } from "../fakes/chat-bench.ts";
import { createAnsweringProvider, saying } from "../fakes/loop.ts";
import { MemoryPlatform } from "../fakes/memory-platform.ts";
import { openTelegram } from "../fakes/telegram/open-channel.ts";
import { FakeTelegram } from "../fakes/telegram/server.ts";
import { VirtualClock } from "../fakes/virtual-clock.ts";

const hourMs = 60 * 60_000;

/** Time goes on only when nothing is on its way: a send that is cut by a deadline of virtual time is one that nobody knows of. */
class Road {
  #travelling = 0;

  watch(channel: Channel): Channel {
    return {
      ...channel,
      send: async (...call) => {
        this.#travelling += 1;
        return await channel.send(...call).finally(() => (this.#travelling -= 1));
      },
    };
  }

  async settle(): Promise<void> {
    do await Bun.sleep(1.5);
    while (this.#travelling > 0);
  }
}

test("a day without Telegram: what was written meanwhile is answered once, and so is what could not be sent", async () => {
  const clock = new VirtualClock();
  const road = new Road();
  const settle = (): Promise<void> => road.settle();
  await using telegram = new FakeTelegram();
  const release = Promise.withResolvers<void>();
  const provider = createAnsweringProvider([
    saying("first answer"),
    saying("second answer"),
    saying("third answer"),
  ]);
  await using bench = await ChatBench.open({
    provider: {
      ...provider,
      async *stream(request, signal) {
        if (provider.requests.length === 1) await release.promise;
        yield* provider.stream(request, signal);
      },
    },
    platform: new MemoryPlatform(),
    others: [{ channel: road.watch(openTelegram(telegram, { clock, pace: { holdSeconds: 30 } })) }],
    clock,
  });
  await bench.know("77", "owner", "main", "telegram");
  await bench.start();
  const run = async (holds: () => boolean): Promise<void> => {
    for (let turn = 0; turn < 400 && !holds(); turn++) await clock.advance(100, settle);
    expect(holds()).toBe(true);
  };
  await run(() => telegram.callsOf("getUpdates").length > 1);

  void telegram.say("77", { text: "one" });
  await run(() => telegram.textsOf("77").length === 1);
  void telegram.say("77", { text: "two" });
  await run(() => telegram.unacknowledged === 0);
  await telegram.goAway();
  release.resolve();
  await clock.advance(10 * hourMs, settle);
  void telegram.say("77", { text: "three" });
  await clock.advance(13.5 * hourMs, settle);
  expect(telegram.textsOf("77")).toEqual(["first answer"]);
  telegram.comeBack();
  await run(() => telegram.unacknowledged === 0);
  await clock.advance(hourMs / 4, settle);

  const texts = telegram.textsOf("77");
  for (const answer of ["first answer", "second answer", "third answer"]) {
    expect(texts.filter((text) => text === answer)).toHaveLength(1);
  }
  expect((await bench.replies()).map(({ state }) => state).filter((state) => state !== "sent")).toEqual([]);
}, 60_000);

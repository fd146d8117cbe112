import { expect, test } from "bun:test";
import { openGatewayBench } from "../../test/fakes/gateway.ts";
import { seedTurns } from "../../test/fakes/long-conversation.ts";
import { createAnsweringProvider, saying } from "../../test/fakes/loop.ts";
import { quantile } from "../../test/fakes/random.ts";

const never = new AbortController().signal;
const rounds = 25;

async function open(turns: number) {
  const bench = await openGatewayBench();
  await seedTurns(bench.store, turns);
  const provider = createAnsweringProvider([saying("ok")]);
  const conversation = await bench.converse(provider, { shortenAt: 100_000 });
  return {
    async say(): Promise<number> {
      const began = performance.now();
      await conversation.send("and now?", () => {}, never);
      return performance.now() - began;
    },
    sent: () => JSON.stringify(provider.requests[0]?.messages.slice(0, -1)),
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

test("turn 5,001 of a conversation sends what turn 21 does, and takes as long", async () => {
  await using short = await open(20);
  await using long = await open(5_000);
  const times = { short: [] as number[], long: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    times.short.push(await short.say());
    times.long.push(await long.say());
  }
  expect(long.sent()).toBe(short.sent());
  // Twice leaves room for a busy machine.
  expect(quantile(times.long, 0.5)).toBeLessThan(2 * quantile(times.short, 0.5));
});

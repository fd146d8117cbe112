import { expect, test } from "bun:test";
import { ChatBench } from "../../test/fakes/chat-bench.ts";
import { createAnsweringProvider, saying, tenTokens } from "../../test/fakes/loop.ts";
import { MemoryPlatform, type PlatformOptions } from "../../test/fakes/memory-platform.ts";
import { settleAll, VirtualClock } from "../../test/fakes/virtual-clock.ts";
import type { SendResult } from "../channels/channel.ts";
import type { Provider, ProviderEvent, ProviderRequest } from "../providers/provider.ts";
import { splitText } from "./split-text.ts";

type Fate = SendResult | "accepted" | undefined;

/** A gateway whose platform treats the sends one after the other as told, and well after that. */
async function open(fates: Fate[], options: PlatformOptions = {}, provider?: Provider) {
  const platform = new MemoryPlatform({
    authenticatesSenders: true,
    fate: () => fates.shift(),
    ...options,
  });
  const clock = new VirtualClock();
  const bench = await ChatBench.open({
    provider: provider ?? createAnsweringProvider([saying("hello")]),
    platform,
    clock,
  });
  await bench.start();
  return {
    platform,
    clock,
    bench,
    /** Lets time go on until that is so. */
    async until(isSo: () => boolean): Promise<void> {
      for (let step = 0; step < 2000 && !isSo(); step++) {
        await clock.advance(step < 50 ? 200 : 60_000);
        // The disk knows no virtual time.
        if (step >= 50) await Bun.sleep(1);
      }
      expect(isSo()).toBe(true);
    },
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

const away: Fate = { type: "not-sent", reason: "refused" };

test("a send that did not leave is tried until it does", async () => {
  await using open_ = await open([away, away, away]);
  const { platform, until } = open_;
  await platform.deliver({ text: "hi" });
  await until(() => platform.seen.length === 1);
  expect(platform.sends).toHaveLength(4);
  expect(new Set(platform.sends.map(({ key }) => key)).size).toBe(1);
});

test("after a day of trying a reply is shown as failed", async () => {
  await using open_ = await open(Array.from({ length: 1000 }, () => away));
  const { platform, clock, bench } = open_;
  await platform.deliver({ text: "hi" });
  await settleAll();
  for (let minute = 0; minute < 25 * 12; minute++) await clock.advance(5 * 60_000);
  expect((await bench.replies())[0]).toMatchObject({ state: "failed", reason: "refused" });
  // Seconds, then minutes, then five minutes: no storm.
  expect(platform.sends.length).toBeLessThan(450);
}, 20_000);

test("where a platform asks to wait, nobody asks before", async () => {
  await using open_ = await open([{ type: "wait", ms: 33_000, scope: "account", reason: "slow down" }]);
  const { platform, clock, until } = open_;
  await platform.deliver({ text: "hi" });
  await until(() => platform.sends.length === 1);
  const began = clock.monotonic();
  await platform.deliver({ chat: "c2", text: "me too" });
  await until(() => platform.seen.length === 2);
  expect(clock.monotonic() - began).toBeGreaterThan(30_000);
  expect(platform.sends).toHaveLength(3);
});

test("a platform may count in parts of a millisecond", async () => {
  await using open_ = await open([{ type: "wait", ms: 1234.5678, scope: "chat", reason: "slow down" }]);
  const { platform, bench, until } = open_;
  await platform.deliver({ text: "hi" });
  await until(() => platform.seen.length === 1);
  expect(platform.sends).toHaveLength(2);
  expect((await bench.replies())[0]?.["next_at"]).toBeInteger();
});

test("a channel that is back is not kept waiting for what it was asked before", async () => {
  const wait: Fate = { type: "wait", ms: 60_000, scope: "account", reason: "the token is none" };
  await using open_ = await open([wait]);
  const { platform, bench, until, clock } = open_;
  await platform.deliver({ text: "hi" });
  await until(() => platform.sends.length === 1);
  while ((await bench.replies())[0]?.reason === null) await settleAll();
  await settleAll();
  const began = clock.monotonic();
  bench.gateway.outbox.hurry();
  await until(() => platform.seen.length === 1);
  expect(clock.monotonic() - began).toBeLessThan(30_000);
});

test("a hurry that meets a pause of the account does not turn in a circle", async () => {
  const wait: Fate = { type: "wait", ms: 60_000, scope: "account", reason: "the token is none" };
  await using open_ = await open([away, wait]);
  const { platform, bench, until } = open_;
  await platform.deliver({ chat: "c1", text: "hi" });
  await until(() => platform.sends.length === 1);
  bench.gateway.outbox.hurry();
  await platform.deliver({ chat: "c2", text: "me too" });
  await until(() => platform.seen.length === 2);
  expect(platform.sends.length).toBeLessThan(8);
});

test("a lost answer makes one more copy at most, and none where the key is known", async () => {
  for (const isIdempotent of [false, true]) {
    await using open_ = await open(["accepted"], { isIdempotent });
    const { platform, until } = open_;
    await platform.deliver({ text: "hi" });
    await until(() => platform.sends.length === 2);
    expect(platform.textsOf("c1")).toEqual(isIdempotent ? ["hello"] : ["hello", "hello"]);
  }
});

test("a platform that never answers gets no endless row of copies", async () => {
  await using open_ = await open(Array.from({ length: 50 }, (): Fate => "accepted"));
  const { platform, clock, bench } = open_;
  await platform.deliver({ text: "hi" });
  await settleAll();
  for (let minute = 0; minute < 60; minute++) await clock.advance(60_000);
  expect(platform.seen).toHaveLength(5);
  expect((await bench.replies())[0]).toMatchObject({ state: "unknown" });
});

test("what can be looked for is never sent twice, and tried for as long as it is not there", async () => {
  const unsure: Fate = { type: "unknown", reason: "cut" };
  await using lucky = await open(["accepted"], { history: "open" });
  await lucky.platform.deliver({ text: "hi" });
  await lucky.until(() => lucky.platform.sends.length === 1);
  for (let step = 0; step < 50; step++) await lucky.clock.advance(1000);
  expect(lucky.platform.textsOf("c1")).toEqual(["hello"]);
  expect(lucky.platform.sends).toHaveLength(1);
  const eight = Array.from({ length: 8 }, () => unsure);
  await using unlucky = await open(eight, { history: "open" });
  await unlucky.platform.deliver({ text: "hi" });
  await unlucky.until(() => unlucky.platform.seen.length === 1);
  expect(unlucky.platform.sends).toHaveLength(9);
});

test("where the platform will not say what was sent, it counts as before", async () => {
  const many = Array.from({ length: 50 }, (): Fate => "accepted");
  await using open_ = await open(many, { history: "shut" });
  const { platform, clock } = open_;
  await platform.deliver({ text: "hi" });
  await settleAll();
  for (let minute = 0; minute < 60; minute++) await clock.advance(60_000);
  expect(platform.sends.length).toBeLessThan(6);
});

test("a no of the platform is final, and the next reply of the chat is not held up", async () => {
  await using open_ = await open([{ type: "refused", reason: "blocked by the user" }]);
  const { platform, until, bench } = open_;
  await platform.deliver({ text: "one" });
  await until(() => platform.sends.length === 1);
  await platform.deliver({ text: "two" });
  await until(() => platform.seen.length >= 1);
  expect(platform.seen[0]?.text).toBe("hello");
  expect((await bench.replies())[0]).toMatchObject({ state: "failed", reason: "blocked by the user" });
});

test("replies of a chat keep their order while one waits, and other chats go on", async () => {
  await using open_ = await open([away]);
  const { platform, until } = open_;
  await platform.deliver({ chat: "c1", text: "one" });
  await until(() => platform.sends.length === 1);
  await platform.deliver({ chat: "c1", text: "two" });
  await platform.deliver({ chat: "c2", text: "other" });
  await until(() => platform.textsOf("c2").length === 1);
  await until(() => platform.textsOf("c1").length === 2);
  const order = platform.sends.filter(({ key }) => key.endsWith("c1")).map(({ id }) => id);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
});

test("a connection that breaks is made again, and what was not acknowledged comes again", async () => {
  await using open_ = await open([]);
  const { platform, until } = open_;
  await platform.deliver({ id: "m1", text: "one" });
  await until(() => platform.seen.length === 1);
  platform.disconnect();
  void platform.deliver({ id: "m2", text: "two" });
  await until(() => platform.seen.length === 2);
});

test("a long text goes out in pieces that the platform takes, cut between words", async () => {
  const words = Array.from({ length: 600 }, (_, n) => `word${n}`).join(" ");
  await using open_ = await open([], { maxCharacters: 500 }, createAnsweringProvider([saying(words)]));
  const { platform, until } = open_;
  await platform.deliver({ text: "hi" });
  await until(() => platform.textsOf("c1").join(" ") === words);
  expect(platform.seen.every(({ text }) => text.length <= 500)).toBe(true);
});

test.each([
  ["", 10, [""]],
  ["abc", 3, ["abc"]],
  ["abcd", 3, ["abc", "d"]],
  ["one two three", 8, ["one two", "three"]],
  ["a\n\nb\nc d", 6, ["a\n\nb", "c d"]],
  ["🙂🙂", 3, ["🙂", "🙂"]],
])("%j in pieces of %i", (text, most, pieces) => {
  expect(splitText(text, most)).toEqual(pieces);
});

test("where the platform can edit, the words show as they come, and the last edit is the whole answer", async () => {
  const model = new SlowModel();
  await using open_ = await open([], { canEdit: true }, model);
  const { platform, clock, until } = open_;
  await platform.deliver({ text: "tell me" });
  await until(() => model.isAsked);
  model.say("Once upon ");
  await clock.advance(1500);
  model.say("a time ");
  await until(() => platform.textsOf("c1")[0] === "Once upon a time ");
  model.say("it ended.");
  model.end();
  await until(() => platform.textsOf("c1")[0] === "Once upon a time it ended.");
  expect(platform.seen).toHaveLength(1);
});

test("a draft that a crash left is finished by the next process, in the same message", async () => {
  const model = new SlowModel();
  await using open_ = await open([], { canEdit: true }, model);
  const { platform, clock, until, bench } = open_;
  await platform.deliver({ text: "tell me" });
  await until(() => model.isAsked);
  model.say("Once upon ");
  await clock.advance(1500);
  model.say("a ");
  await until(() => platform.seen.length === 1);
  const stopped = bench.stop();
  await clock.advance(10_000);
  await stopped;
  await bench.start();
  await until(() => model.isAsked);
  model.say("All of it.");
  model.end();
  await until(() => platform.textsOf("c1")[0] === "All of it.");
  expect(platform.seen).toHaveLength(1);
});

/** A model that says what it is told to, piece by piece. */
class SlowModel implements Provider {
  readonly name = "slow";
  #pieces: string[] = [];
  #said = "";
  #isOver = false;
  #news = Promise.withResolvers<void>();
  isAsked = false;

  async *stream(_request: ProviderRequest, signal: AbortSignal): AsyncGenerator<ProviderEvent> {
    this.isAsked = true;
    this.#said = "";
    this.#isOver = false;
    signal.addEventListener("abort", () => this.#news.resolve(), { once: true });
    for (;;) {
      for (const text of this.#pieces.splice(0)) {
        this.#said += text;
        yield { type: "text-delta", text };
      }
      if (signal.aborted) {
        this.isAsked = false;
        return yield { type: "aborted", usage: tenTokens };
      }
      if (this.#isOver) return yield saying(this.#said).at(-1) ?? { type: "aborted", usage: tenTokens };
      await this.#news.promise;
      this.#news = Promise.withResolvers();
    }
  }

  say(text: string): void {
    this.#pieces.push(text);
    this.#news.resolve();
  }

  end(): void {
    this.#isOver = true;
    this.#news.resolve();
  }
}

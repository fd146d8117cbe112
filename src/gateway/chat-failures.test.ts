import { expect, test } from "bun:test";
import { ChatBench, type ChatBenchOptions } from "../../test/fakes/chat-bench.ts";
import { calling, createAnsweringProvider, saying } from "../../test/fakes/loop.ts";
import { MemoryPlatform } from "../../test/fakes/memory-platform.ts";
import { VirtualClock } from "../../test/fakes/virtual-clock.ts";
import { AppError } from "../errors.ts";
import { noUsage, type ProviderErrorClass, type ProviderEvent } from "../providers/provider.ts";
import { chinese } from "../words/chinese/chinese.ts";
import type { Saying } from "../words/define-words.ts";
import { connectionWords } from "../words/english/connection.ts";
import { configWords } from "../words/english/config.ts";
import { peoplePhrases } from "../words/english/people-phrases.ts";
import { phrases } from "../words/english/phrases.ts";
import { providerWords } from "../words/english/provider.ts";
import type { Language } from "../words/language.ts";

type Trouble = Partial<Pick<ChatBenchOptions, "problem" | "limits">> & {
  readonly answers?: readonly (readonly ProviderEvent[])[];
};

const failing = (failure: ProviderErrorClass, saying_: Saying): Trouble => ({
  answers: [[{ type: "error", usage: noUsage, error: { class: failure, wasCut: false, ...saying_ } }]],
});
const answered = { label: "Anthropic", status: 400, said: "" };
const stop = (reason: "refused" | "end"): readonly ProviderEvent[] => [
  { type: "stop", reason, message: { role: "assistant", content: [] }, usage: noUsage },
];

/** What a chat is told; whether its owner or a member wrote. */
async function ask(trouble: Trouble, who: "anna" | "ben", language: Language): Promise<readonly string[]> {
  const { answers = [saying("never")], ...more } = trouble;
  const platform = new MemoryPlatform({ authenticatesSenders: true });
  const options = {
    provider: createAnsweringProvider(answers),
    platform,
    clock: new VirtualClock(),
    language,
  };
  await using bench = await ChatBench.open({ ...options, ...more, saysHints: true });
  const family = await bench.addGroup("family");
  await bench.bind("f1", family, true);
  await bench.know("ben", "member", "family");
  await bench.start();
  await platform.deliver({ chat: "f1", text: "hi", sender: { id: who } });
  await platform.waitForReplies(1);
  return platform.textsOf("f1");
}

const english: Language = { name: "en", phrases, people: peoplePhrases };

/** What it is called, what happens, and what must be named in both languages, to the owner and to a member. */
const troubles: readonly (readonly [string, Trouble, en: readonly string[], zh: readonly string[]])[] = [
  [
    "no key",
    { problem: new AppError("no-key", configWords.noKeyForModel({ model: "some/model" })) },
    ["I could not answer.", "some/model"],
    ["无法回答。", "some/model"],
  ],
  [
    "a dead key",
    failing("auth", providerWords.keyRefused({ ...answered, status: 401, keyUrl: undefined })),
    ["I could not answer. Anthropic did not accept the key (401).", "nanoclaw onboard"],
    ["无法回答。Anthropic 不接受这个密钥（401）。", "nanoclaw onboard"],
  ],
  [
    "no credit",
    failing("quota", providerWords.quota({ ...answered, status: 402 })),
    ["I could not answer. Anthropic stopped at a limit of credit", "/model"],
    ["无法回答。Anthropic 的余额或消费额度已用完（402）。", "/model"],
  ],
  [
    "too long a conversation",
    failing("too-long", providerWords.tooLong({ ...answered, model: "test" })),
    ["I could not answer. The conversation is too long for test", "/new"],
    ["无法回答。对话太长，test 容纳不下", "/new"],
  ],
  [
    "no network",
    failing(
      "retry",
      connectionWords.unreachable({ label: "Anthropic", host: "a.example", code: "ENETUNREACH" }),
    ),
    ["I cannot answer right now.", "Your message is kept"],
    ["现在无法回答。", "您的消息已经保存"],
  ],
  [
    "a model that declines",
    { answers: [stop("refused")] },
    ["I could not answer. test declined to answer.", "other words"],
    ["无法回答。test 拒绝回答。", "换个说法"],
  ],
  [
    "a model that says nothing",
    { answers: [stop("end")] },
    ["I could not answer. test gave an empty answer.", "Ask again"],
    ["无法回答。test 给出了空的回答。", "再问一次"],
  ],
];

test.each(troubles)("%s is told to the owner, with what to do about it", async (_, trouble, en, zh) => {
  for (const [language, parts] of [
    [english, en],
    [chinese, zh],
  ] as const) {
    const said = (await ask(trouble, "anna", language)).join("\n");
    for (const part of parts) expect(said).toContain(part);
  }
});

test.each(troubles)(
  "%s is told to a member, without what only the owner can do",
  async (_, trouble, en, zh) => {
    for (const [language, [what = "", fix = ""], hand] of [
      [english, en, "The owner can look into it."],
      [chinese, zh, "主人可以查看原因。"],
    ] as const) {
      const said = (await ask(trouble, "ben", language)).join("\n");
      expect(said).toContain(what);
      expect(said).toContain(hand);
      if (fix.startsWith("nanoclaw") || fix.startsWith("/")) expect(said).not.toContain(fix);
    }
  },
);

const working = calling({ id: "a", name: "no-such-tool", arguments: "{}" });

test("a turn that stops at a limit says so behind its answer, and how to go on", async () => {
  const trouble = { limits: { steps: 1 }, answers: [working, saying("Half of it is done.")] };
  expect(await ask(trouble, "anna", english)).toEqual([
    "Half of it is done.\n\n(I stopped here at a limit. Write “go on”, and I do.)",
  ]);
  expect((await ask(trouble, "anna", chinese))[0]).toContain("回复“继续”");
});

test("a turn that stops at a limit without a word sends no empty message", async () => {
  const trouble = { limits: { steps: 1 }, answers: [working, stop("end")] };
  expect(await ask(trouble, "anna", english)).toEqual([
    "I stopped at a limit before I had an answer. Write “go on”, and I go on from there.",
  ]);
});

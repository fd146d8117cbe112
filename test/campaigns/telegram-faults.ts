import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { GatewayProgram } from "../fakes/gateway-program.ts";
import { userTexts } from "../fakes/llm-transcript.ts";
import { createRandom } from "../fakes/random.ts";
import type { BotCall } from "../fakes/telegram/parse-call.ts";
import { FakeTelegram, type Fault } from "../fakes/telegram/server.ts";

export const name = "telegram-faults";

export const sizes = { smoke: 3, ci: 25, full: 400 };

/** Of a hundred calls each. */
const faults: readonly (readonly [method: string, share: number, fault: Fault])[] = [
  ["sendMessage", 8, { type: "lose" }],
  ["sendMessage", 5, { type: "drop" }],
  ["sendMessage", 5, { type: "page", status: 502 }],
  ["sendMessage", 5, { type: "error", code: 500, text: "Internal Server Error" }],
  ["sendMessage", 6, { type: "error", code: 429, text: "Too Many Requests", parameters: { retry_after: 1 } }],
  ["getUpdates", 4, { type: "drop" }],
  ["getUpdates", 4, { type: "lose" }],
];

/** How long a person waits for an answer at most, with all that is in the way. */
const patienceMs = 90_000;

/**
 * A person writes, one message after the other, to the whole program through a Telegram that fails, and the program is
 * killed at random instants. Every message must be answered, and more than once only where nobody could know.
 */
export async function run(
  size: number,
  signal: AbortSignal,
  { seed, progress }: CampaignTools,
): Promise<CampaignResult> {
  const random = createRandom(seed);
  await using telegram = new FakeTelegram();
  await using gateway = await GatewayProgram.open({
    script: (request) => ({
      text: `You said: ${userTexts(request).findLast((text) => !text.startsWith("<context>"))}`,
    }),
    config: { channels: { telegram: { apiBase: telegram.base } } },
  });
  await gateway.start();
  const added = await gateway.bench.run(["channels", "add", "telegram", "--token-stdin", "--json"], {
    stdin: telegram.token,
  });
  const { link } = JSON.parse(added.out) as { readonly link: string };
  await telegram.say("77", { text: `/start ${new URL(link).searchParams.get("start")}` });
  await telegram.until(() => telegram.shown.length === 1);
  let failed = 0;
  let kills = 0;
  const inDoubt: number[] = [];
  let copies = 0;
  let slowestMs = 0;
  for (let round = 0; round < size; round++) {
    signal.throwIfAborted();
    const mark = `mark${seed}x${round}x`;
    const answer = `You said: ${mark}`;
    let doubts = 0;
    telegram.decide = (call: BotCall) => {
      const fault = choose(call, random);
      if (call.method === "sendMessage" && (fault?.type === "lose" || fault?.type === "drop")) doubts += 1;
      return fault;
    };
    const began = performance.now();
    void telegram.say("77", { text: mark });
    if (random() < 0.4) {
      await Bun.sleep(random() * 60);
      await gateway.stop("SIGKILL");
      kills += 1;
      doubts += 1;
      await gateway.start();
    }
    await Promise.race([
      telegram.until(() => telegram.textsOf("77").includes(answer)),
      Bun.sleep(patienceMs),
    ]);
    slowestMs = Math.max(slowestMs, performance.now() - began);
    telegram.decide = () => undefined;
    await Promise.race([telegram.until(() => telegram.unacknowledged === 0), Bun.sleep(patienceMs)]);
    inDoubt.push(doubts);
    if (round % 20 === 19) progress(`${round + 1} of ${size}, ${kills} kills`);
  }
  // What is sent again because nobody knew has a wait of its own before.
  const isOpen = (): boolean =>
    gateway.bench.query("SELECT 1 FROM replies WHERE state IN ('pending', 'sending', 'draft') LIMIT 1")
      .length > 0;
  for (const until = performance.now() + patienceMs; isOpen() && performance.now() < until;)
    await Bun.sleep(200);
  for (const [round, doubts] of inDoubt.entries()) {
    const answer = `You said: mark${seed}x${round}x`;
    const seen = telegram.textsOf("77").filter((text) => text === answer).length;
    copies += Math.max(0, seen - 1);
    if (seen > 0 && seen <= 1 + doubts) continue;
    failed += 1;
    progress(`message ${round}: seen ${seen} times with ${doubts} sends in doubt`);
  }
  const unknown = inDoubt.reduce((sum, each) => sum + each, 0);
  const figures = {
    messages: size,
    kills,
    "sends in doubt": unknown,
    copies,
    "slowest, s": Math.round(slowestMs / 100) / 10,
  };
  return { passed: size - failed, failed, figures };
}

function choose({ method }: BotCall, random: () => number): Fault | undefined {
  let left = random() * 100;
  for (const [of, share, fault] of faults) {
    if (of !== method) continue;
    left -= share;
    if (left < 0) return fault;
  }
  return undefined;
}

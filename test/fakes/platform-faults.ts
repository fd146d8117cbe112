import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { GatewayProgram } from "./gateway-program.ts";
import { userTexts } from "./llm-transcript.ts";
import { createRandom } from "./random.ts";

/** A platform that fails, as the campaign of faults sees it: a person there, what he writes and what he sees. */
export interface FaultyPlatform extends AsyncDisposable {
  /** What stands under `channels` in the configuration. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Whether a send whose answer was lost, made once more, shows nothing twice. */
  readonly isIdempotent: boolean;
  /** Adds the channel as its owner does, and makes the person the owner. */
  join(gateway: GatewayProgram): Promise<void>;
  /** The person writes; the platform keeps it until the program has taken it. */
  say(text: string): void;
  /** What stands in his chat now. */
  texts(): readonly string[];
  /** The answer in a text, where the model is told more than the words. */
  readonly toAnswer?: (text: string) => string;
  /** Resolves as soon as it holds. */
  until(holds: () => boolean): Promise<void>;
  /** The program has taken all that was written. */
  isTaken(): boolean;
  /** From now on each call fails by chance; without `chance` none does. `doubted` is told the text of each send of whose end the program can't know. */
  misbehave(chance: (() => number) | undefined, doubted: (text: string) => void): void;
  /** What happens to the platform as a whole, by name: a round in six has one of them, in turn. */
  readonly events: Readonly<Record<string, (happening: Happening) => Promise<void>>>;
  /** What else has happened there, for the figures. */
  readonly counts?: () => Readonly<Record<string, number>>;
}

export interface Happening {
  readonly gateway: GatewayProgram;
  readonly random: () => number;
  /** To be said in the middle of it. */
  readonly say: () => void;
  /** Before connections are cut: nobody can know what becomes of the sends that are on their way. */
  readonly doubtSends: () => void;
}

export interface FaultOptions extends CampaignTools {
  readonly size: number;
  readonly signal: AbortSignal;
  /** Events that happen at most this often: each of them takes long. */
  readonly rare?: Readonly<Record<string, number>>;
}

/** A gateway that is not killed for so long hangs. */
const longestMs = 15 * 60_000;

/** How long a person waits for an answer at most, with all that is in the way. */
const patienceMs = 200_000;

/**
 * A person writes, one message after the other, to the whole program through a platform that fails, and the program is
 * killed at random instants. Every message must be answered, and more than once only where nobody could know.
 */
export async function runPlatformFaults(
  platform: FaultyPlatform,
  { size, seed, signal, progress, rare = {} }: FaultOptions,
): Promise<CampaignResult> {
  const random = createRandom(seed);
  await using gateway = await GatewayProgram.open({
    script: (request) => ({
      text: `You said: ${userTexts(request).findLast((text) => !text.startsWith("<context>"))}`,
    }),
    config: { channels: platform.config },
  });
  await gateway.start({ longestMs });
  await platform.join(gateway);
  const happened = new Map(Object.keys(platform.events).map((name) => [name, 0]));
  const rounds: { readonly text: string; readonly during: string }[] = [];
  // By the text of the answer: what is sent again is often sent in a later round.
  const doubts = new Map<string, number>();
  const doubt = (told: string): void => {
    const text = platform.toAnswer?.(told) ?? told;
    doubts.set(text, (doubts.get(text) ?? 0) + 1);
  };
  const doubtSends = (): void => {
    const sending = gateway.bench.query("SELECT text FROM replies WHERE state = 'sending'");
    for (const { text } of sending) doubt(String(text));
  };
  let kills = 0;
  let slowestMs = 0;
  for (let round = 0; round < size; round++) {
    signal.throwIfAborted();
    const text = `mark${seed}x${round}x`;
    const began = performance.now();
    platform.misbehave(random, doubt);
    const name = round % 6 === 5 ? next(happened, rare) : undefined;
    const event = name === undefined ? undefined : platform.events[name];
    if (name !== undefined && event !== undefined) {
      happened.set(name, (happened.get(name) ?? 0) + 1);
      await event({ gateway, random, say: () => platform.say(text), doubtSends });
    } else {
      platform.say(text);
      if (random() < 0.4) {
        await Bun.sleep(random() * 60);
        await gateway.stop("SIGKILL");
        kills += 1;
        doubtSends();
        await gateway.start({ longestMs });
      }
    }
    const isAnswered = (): boolean => platform.texts().some((shown) => shown === `You said: ${text}`);
    await patiently(platform.until(isAnswered));
    slowestMs = Math.max(slowestMs, performance.now() - began);
    platform.misbehave(undefined, () => {});
    await patiently(platform.until(() => platform.isTaken()));
    rounds.push({ text, during: name ?? "" });
    if (round % 20 === 19) progress(`${round + 1} of ${size}, ${kills} kills`);
  }
  await waitForOutbox(gateway);
  let failed = 0;
  let copies = 0;
  for (const { text, during } of rounds) {
    const answer = `You said: ${text}`;
    const seen = platform.texts().filter((shown) => shown === answer).length;
    const inDoubt = doubts.get(answer) ?? 0;
    copies += Math.max(0, seen - 1);
    if (seen > 0 && seen <= 1 + (platform.isIdempotent ? 0 : inDoubt)) continue;
    failed += 1;
    progress(`${text} ${during}: seen ${seen} times with ${inDoubt} sends in doubt`);
  }
  const figures = {
    messages: size,
    kills,
    ...Object.fromEntries(happened),
    ...platform.counts?.(),
    "sends in doubt": [...doubts.values()].reduce((sum, each) => sum + each, 0),
    copies,
    "slowest, s": Math.round(slowestMs / 100) / 10,
  };
  return { passed: size - failed, failed, figures };
}

async function patiently(happens: Promise<void>): Promise<void> {
  const patience = Promise.withResolvers<void>();
  const timer = setTimeout(patience.resolve, patienceMs);
  await Promise.race([happens, patience.promise]);
  clearTimeout(timer);
}

/** The event that has happened least often, and may happen once more. */
function next(
  happened: ReadonlyMap<string, number>,
  rare: Readonly<Record<string, number>>,
): string | undefined {
  const open = [...happened].filter(([name, times]) => times < (rare[name] ?? Number.POSITIVE_INFINITY));
  return open.toSorted(([, left], [, right]) => left - right)[0]?.[0];
}

/** What is sent again because nobody knew has a wait of its own before. */
async function waitForOutbox(gateway: GatewayProgram): Promise<void> {
  const isOpen = (): boolean =>
    gateway.bench.query("SELECT 1 FROM replies WHERE state IN ('pending', 'sending', 'draft') LIMIT 1")
      .length > 0;
  for (const until = performance.now() + patienceMs; isOpen() && performance.now() < until;)
    await Bun.sleep(200);
}

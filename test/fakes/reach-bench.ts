import type { Authority } from "../../src/authority/decision.ts";
import type { IncomingMessage, Receipt } from "../../src/channels/channel.ts";
import {
  createScriptedProvider,
  type ScriptedAnswer,
  type ScriptedCall,
} from "../../src/providers/scripted/provider.ts";
import type { NamedSecret } from "../../src/egress/secret-finder.ts";
import type { Provider, ProviderRequest } from "../../src/providers/provider.ts";
import { ChatBench } from "./chat-bench.ts";
import { MemoryPlatform, type PlatformOptions } from "./memory-platform.ts";
import { settleAll, VirtualClock } from "./virtual-clock.ts";

/** Owner `anna` in private chat `c1` of main; group family with chat `f1` and member `ben`; group team with chat `t1`. */
export interface ReachBench extends AsyncDisposable {
  readonly bench: ChatBench;
  readonly platform: MemoryPlatform;
  readonly clock: VirtualClock;
  readonly requests: readonly ProviderRequest[];
  /** Somebody writes, the model does this, and all that it sets off is over. */
  say(
    message: Partial<IncomingMessage> & { readonly text: string },
    ...answers: readonly ScriptedAnswer[]
  ): Promise<Receipt>;
  /** What the model was told that its calls came to, of the last turn. */
  results(): readonly string[];
}

export interface ReachBenchOptions extends PlatformOptions {
  readonly authority?: Authority;
  /** What must not leave. */
  readonly secrets?: readonly NamedSecret[];
  /** In place of the script, when what matters is how it streams. */
  readonly createProvider?: (clock: VirtualClock) => Provider;
}

export async function openReachBench({
  authority,
  secrets,
  createProvider,
  ...options
}: ReachBenchOptions = {}): Promise<ReachBench> {
  const answers: ScriptedAnswer[] = [];
  const provider = createScriptedProvider(() => answers.shift() ?? { text: "(the script is over)" });
  const platform = new MemoryPlatform({
    authenticatesSenders: true,
    canEdit: true,
    canMore: true,
    ...options,
  });
  const clock = new VirtualClock();
  const bench = await ChatBench.open({
    provider: createProvider?.(clock) ?? provider,
    platform,
    clock,
    canReach: true,
    ...(authority === undefined ? {} : { authority }),
    ...(secrets === undefined ? {} : { secrets }),
  });
  for (const [name, chat] of [
    ["family", "f1"],
    ["team", "t1"],
  ] as const) {
    await bench.bind(chat, await bench.addGroup(name));
  }
  await bench.know("ben", "member", "family");
  await bench.start();
  return {
    bench,
    platform,
    clock,
    requests: provider.requests,
    async say(message, ...script) {
      answers.push(...script);
      const before = provider.requests.length;
      const receipt = await platform.deliver(message);
      const wanted = before + script.length;
      const deadline = performance.now() + 10_000;
      while (provider.requests.length < wanted && performance.now() < deadline) await settleAll();
      await settleAll();
      while ((await isAtWork(bench, clock.now())) && performance.now() < deadline) await settleAll();
      return receipt;
    },
    results() {
      const messages = provider.requests.at(-1)?.messages ?? [];
      const last = messages.findLastIndex(({ role }) => role === "user");
      return messages.slice(last).flatMap((message) => (message.role === "tool" ? [message.content] : []));
    },
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

/** One call, and then these words. */
export function call(name: string, input: unknown, words?: string): readonly ScriptedAnswer[] {
  return calls([{ name, arguments: input }], words);
}

export function calls(all: readonly ScriptedCall[], words = "Done."): readonly ScriptedAnswer[] {
  return [{ calls: all }, { text: words }];
}

/** What waits for a later time is not work. */
async function isAtWork(bench: ChatBench, now: number): Promise<boolean> {
  const rows = await bench.store.database.all(
    `SELECT 1 FROM messages WHERE state IN ('received', 'claimed')
     UNION ALL SELECT 1 FROM replies WHERE state IN ('pending', 'sending') AND next_at <= ?`,
    now,
  );
  return rows.length > 0;
}

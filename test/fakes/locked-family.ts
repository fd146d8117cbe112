import type { IncomingMessage, Receipt } from "../../src/channels/channel.ts";
import type { Provider, ProviderEvent } from "../../src/providers/provider.ts";
import { setLevel } from "../../src/store/group-level.ts";
import { getGroup } from "../../src/store/groups.ts";
import { ChatBench, type ChatBenchOptions } from "./chat-bench.ts";
import { calling, createAnsweringProvider, saying } from "./loop.ts";
import { MemoryPlatform, type PlatformOptions, type SeenReply } from "./memory-platform.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** A gateway in which the family's assistant changes nothing without a yes, and Ben speaks with it. */
export interface LockedFamily extends AsyncDisposable {
  readonly platform: MemoryPlatform;
  readonly clock: VirtualClock;
  readonly bench: ChatBench;
  askAsBen(text: string): Promise<Receipt>;
  /** `[state, answer]` of each request. */
  state(): Promise<readonly (readonly [unknown, unknown])[]>;
}

/** A card that lies in the owner's chat, of a call that Ben's words led to. */
export interface AskedFamily extends LockedFamily {
  readonly provider: ReturnType<typeof createAnsweringProvider>;
  readonly card: SeenReply;
  /** How often what was allowed has begun. */
  carriedOut(): Promise<number>;
  say(text: string, more?: Partial<IncomingMessage>): Promise<Receipt>;
  /** What the owner was told last. */
  last(): string;
}

export function runs(command: string): readonly ProviderEvent[] {
  return calling({ id: "a", name: "shell", arguments: JSON.stringify({ command }) });
}

export async function openLocked(
  provider: Provider,
  options: PlatformOptions = {},
  conversation: ChatBenchOptions["conversation"] = {},
): Promise<LockedFamily> {
  const platform = new MemoryPlatform({ authenticatesSenders: true, canMore: true, ...options });
  const clock = new VirtualClock();
  const bench = await ChatBench.open({ provider, platform, clock, conversation });
  const { database } = bench.store;
  const family = await bench.addGroup("family");
  await bench.bind("fam", family);
  await bench.bind("owner", await getGroup(database, "main"), true);
  await bench.know("ben", "member", "family");
  await database.transaction((tx) => setLevel(tx, family.id, "locked"));
  await bench.start();
  const ben = { chat: "fam", isPrivate: false, isMention: true, sender: { id: "ben" } };
  return {
    platform,
    clock,
    bench,
    askAsBen: (text) => platform.deliver({ ...ben, text }),
    state: async () => {
      const rows = await database.all("SELECT state, answer FROM approvals ORDER BY id");
      return rows.map((row) => [row["state"], row["answer"]] as const);
    },
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

export async function openAsked(
  options: PlatformOptions & { readonly command?: string } = {},
): Promise<AskedFamily> {
  const { command = "echo x >> out", ...platformOptions } = options;
  const provider = createAnsweringProvider([runs(command), saying("It waits."), saying("It is done.")]);
  const here = await openLocked(provider, platformOptions);
  const { platform, bench } = here;
  await here.askAsBen("make it");
  await platform.waitForReplies(2);
  const card = platform.seen.find(({ chat }) => chat === "owner");
  if (card === undefined) throw new Error("The owner was not asked.");
  return {
    ...here,
    provider,
    card,
    carriedOut: async () => {
      const rows = await bench.store.database.all("SELECT event FROM journal");
      return rows.filter(({ event }) => /"tool-start".*"callId":"approval-/.test(String(event))).length;
    },
    say: (text, more = {}) => platform.deliver({ chat: "owner", sender: { id: "anna" }, text, ...more }),
    last: () => platform.textsOf("owner").at(-1) ?? "",
  };
}

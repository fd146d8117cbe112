import { ChatBench } from "../../fakes/chat-bench.ts";
import { createAnsweringProvider, saying } from "../../fakes/loop.ts";
import { MemoryPlatform } from "../../fakes/memory-platform.ts";
import { systemClock } from "../../../src/clock.ts";
import type { Channel } from "../../../src/channels/channel.ts";
import type { SourceEdit } from "../arena/attack-case.ts";

export interface SharedChat {
  readonly channel: Channel;
  /** The app's number of a chat with several people in it. */
  readonly chat: string;
  readonly owner: string;
  /** Somebody whom nobody let in sends the assistant a file there; resolves when that was taken. */
  readonly sendAsStranger: () => Promise<void>;
  readonly sayAsOwner: () => Promise<void>;
  /** Resolves when the owner is answered. */
  readonly answered: () => Promise<void>;
  readonly isFetched: () => boolean;
}

/** Whether a file of a stranger's is fetched from the app: by the time the owner, who wrote after him, is answered. */
export async function isStrangersFileFetched(shared: SharedChat): Promise<boolean> {
  const { channel, chat, owner } = shared;
  const platform = new MemoryPlatform({ authenticatesSenders: true });
  const provider = createAnsweringProvider([saying("yes")]);
  await using bench = await ChatBench.open({
    provider,
    platform,
    others: [{ channel }],
    clock: systemClock,
  });
  await bench.know(owner, "owner", "main", channel.name);
  const group = await bench.addGroup("family");
  await bench.store.database.transaction(async (tx) => {
    await tx.run(
      `INSERT INTO chats (channel, account, chat, group_id, is_private, created_at) VALUES (?, 'default', ?, ?, 0, 0)`,
      channel.name,
      chat,
      group.id,
    );
  });
  await bench.start();
  await shared.sendAsStranger();
  await shared.sayAsOwner();
  await shared.answered();
  return shared.isFetched();
}

/** Who may write is asked by the inbox, before anything else is done. */
export const withoutAsking: readonly SourceEdit[] = [
  {
    file: "src/gateway/inbox.ts",
    from: 'if (decision.verdict !== "allow") return await turnAway(decision.reason);',
    to: "",
  },
];

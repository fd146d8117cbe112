import type { Channel, SendResult } from "../../src/channels/channel.ts";

/** The client of the platform on loopback: polls, acknowledges with the next poll, and says what became of a send. */
export function createPlatformChannel(base: string, isIdempotent: boolean, hasGroups: boolean): Channel {
  return {
    name: "platform",
    account: "default",
    traits: { authenticatesSenders: true, isIdempotent, maxCharacters: 4000 },
    async start(receiver, signal) {
      let offset = 0;
      while (!signal.aborted) {
        const response = await fetch(`${base}/updates?offset=${offset}`, { signal }).catch(
          (error: unknown) => {
            if (signal.aborted) return undefined;
            throw error;
          },
        );
        if (response === undefined) return;
        receiver.connected();
        const { updates } = (await response.json()) as {
          updates: { id: number; chat: string; text: string }[];
        };
        for (const { id, chat, text } of updates.toSorted((a, b) => a.id - b.id)) {
          await receiver.receive({
            chat,
            id: String(id),
            sender: { id: "owner", isOwner: true },
            text,
            isPrivate: true,
            ...(hasGroups ? { group: chat } : {}),
          });
          offset = Math.max(offset, id + 1);
        }
      }
    },
    async send(chat, { key, text }, signal): Promise<SendResult> {
      try {
        const response = await fetch(`${base}/send`, {
          method: "POST",
          body: JSON.stringify({ chat, key, text }),
          signal: AbortSignal.any([signal, AbortSignal.timeout(5000)]),
        });
        if (response.status === 429) {
          const { retryAfterMs } = (await response.json()) as { retryAfterMs: number };
          return { type: "wait", ms: retryAfterMs, scope: "chat", reason: "slow down" };
        }
        const { id } = (await response.json()) as { id: string };
        return { type: "sent", platformId: id };
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        const isRefused = error instanceof Error && "code" in error && error.code === "ConnectionRefused";
        return { type: isRefused ? "not-sent" : "unknown", reason };
      }
    },
  };
}

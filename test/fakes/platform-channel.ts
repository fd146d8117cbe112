import type { Channel, IncomingMessage, SendResult } from "../../src/channels/channel.ts";

import type { PlatformSender } from "./platform-server.ts";

type Sender = Pick<IncomingMessage, "sender" | "isPrivate" | "group" | "title">;

interface Update {
  readonly id: number;
  readonly chat: string;
  readonly text: string;
  readonly from?: PlatformSender;
}

/** The client of the platform on loopback: polls, acknowledges with the next poll, and says what became of a send. */
export function createPlatformChannel(
  base: string,
  {
    isIdempotent,
    hasGroups,
    name = "platform",
  }: { isIdempotent: boolean; hasGroups: boolean; name?: string },
): Channel {
  return {
    name,
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
        const { updates } = (await response.json()) as { updates: Update[] };
        for (const { id, chat, text, from } of updates.toSorted((a, b) => a.id - b.id)) {
          await receiver.receive({
            chat,
            id: String(id),
            text,
            ...toSender(from, hasGroups ? chat : undefined),
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

function toSender(from: PlatformSender | undefined, group: string | undefined): Sender {
  if (from === undefined) {
    const owner = { sender: { id: "owner", isOwner: true }, isPrivate: true };
    return group === undefined ? owner : { ...owner, group };
  }
  const { id, name, isPrivate, title } = from;
  const sender = name === undefined ? { id } : { id, name };
  return title === undefined ? { sender, isPrivate } : { sender, isPrivate, title };
}

import type { Channel, IncomingMessage, Receipt, SendResult } from "../../src/channels/channel.ts";

export interface RunningChannel extends AsyncDisposable {
  readonly channel: Channel;
  /** What it handed over, in its order. */
  readonly received: readonly IncomingMessage[];
  /** Chats that have another number now. */
  readonly moves: readonly string[];
  /** With what it ended: nothing when it was told to. */
  readonly over: Promise<unknown>;
  send(text: string, chat?: string, more?: object): Promise<SendResult>;
}

export interface RunOptions {
  /** Where `send` sends without another word. */
  readonly chat: string;
  /** Instead of accepting it. */
  readonly receive?: (message: IncomingMessage) => Promise<Receipt | undefined>;
}

/** Starts it as a gateway does; resolves when it stands, or has ended instead. */
export async function runChannel(channel: Channel, options: RunOptions): Promise<RunningChannel> {
  const received: IncomingMessage[] = [];
  const moves: string[] = [];
  const stop = new AbortController();
  const connected = Promise.withResolvers<void>();
  const over = channel
    .start(
      {
        connected: () => connected.resolve(),
        receive: async (message) => {
          const receipt = await options.receive?.(message);
          received.push(message);
          return receipt ?? { type: "accepted", message: received.length };
        },
        moved: async (from, to) => void moves.push(`${from} → ${to}`),
      },
      stop.signal,
    )
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  await Promise.race([connected.promise, over]);
  return {
    channel,
    received,
    moves,
    over,
    send: (text, chat = options.chat, more = {}) =>
      channel.send(chat, { id: 1, key: "k1", text, ...more }, new AbortController().signal),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await over;
    },
  };
}

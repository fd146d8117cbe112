import type { Channel, Receiver } from "../channels/channel.ts";
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Log } from "../log.ts";

export interface SuperviseOptions {
  readonly channel: Channel;
  readonly receive: Receiver["receive"];
  readonly moved?: Receiver["moved"];
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly log: Log;
  readonly onState: (state: ChannelState) => void;
}

export interface ChannelState {
  readonly state: "starting" | "connected" | "down";
  /** Epoch milliseconds. */
  readonly since: number;
  readonly reason?: string;
}

const firstWaitMs = 500;
const longestWaitMs = 60_000;

/** Keeps a channel connected until `signal` aborts; a connection that is lost is tried again, less and less often. Never rejects. */
export async function superviseChannel(options: SuperviseOptions, signal: AbortSignal): Promise<void> {
  const { channel, clock, random, log, onState } = options;
  let waitMs = firstWaitMs;
  while (!signal.aborted) {
    onState({ state: "starting", since: clock.now() });
    const receiver: Receiver = {
      receive: options.receive,
      ...(options.moved === undefined ? {} : { moved: options.moved }),
      connected: () => {
        waitMs = firstWaitMs;
        onState({ state: "connected", since: clock.now() });
      },
    };
    let reason = "it ended by itself";
    let askedMs = 0;
    try {
      await channel.start(receiver, signal);
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
      if (error instanceof AppError) askedMs = error.retryAfterMs ?? 0;
    }
    if (signal.aborted) return;
    onState({ state: "down", since: clock.now(), reason });
    const pauseMs = Math.max(askedMs, waitMs * (0.5 + random() / 2));
    log.warn("a channel is down and is started again", { channel: channel.name, reason, waitMs: pauseMs });
    await clock.sleep(pauseMs, signal).catch(() => {});
    waitMs = Math.min(waitMs * 2, longestWaitMs);
  }
}

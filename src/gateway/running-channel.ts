import type { Channel } from "../channels/channel.ts";
import type { OwnerNotices } from "../notices/owner-notices.ts";
import type { ChannelLook } from "../notices/tell-owner.ts";
import { createShutdown } from "./shutdown.ts";
import type { ChannelState } from "./supervise.ts";

/** A channel and what keeps it connected. */
export class RunningChannel implements AsyncDisposable {
  readonly channel: Channel;
  readonly #routes: DisposableStack;
  readonly #stop = new AbortController();
  over: Promise<void> = Promise.resolve();
  state: ChannelState = { state: "starting", since: 0 };

  constructor(channel: Channel, routes: DisposableStack) {
    this.channel = channel;
    this.#routes = routes;
  }

  look(notices: OwnerNotices): ChannelLook {
    return {
      isConnected: this.state.state === "connected",
      isGivenUp: notices.isOpen("channel", this.channel.name),
      isFetched: this.channel.traits.isFetched === true,
    };
  }

  get receiving(): AbortSignal {
    return this.#stop.signal;
  }

  stopReceiving(): void {
    this.#stop.abort(createShutdown());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stopReceiving();
    await this.over;
    this.#routes[Symbol.dispose]();
  }
}

import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import { slackWords } from "../../words/english/slack.ts";
import { toError } from "./me.ts";
import { SocketLink, type Frame, type LinkPace } from "./socket-link.ts";
import type { WebApi } from "./web-api.ts";

export interface SocketPace extends LinkPace {
  /** A connection that was replaced still brings what was on its way. */
  readonly overlapMs: number;
}

export const usualPace: SocketPace = { pingMs: 10_000, graceMs: 10_000, helloMs: 15_000, overlapMs: 15_000 };

export interface SocketModeOptions {
  readonly api: WebApi;
  readonly clock: Clock;
  readonly pace: SocketPace;
}

export interface SocketHandlers {
  readonly connected: () => void;
  /** Called in the order in which frames come. It is acknowledged when that resolves, and never when it rejects. */
  readonly take: (frame: Frame) => Promise<void>;
}

const minuteMs = 60_000;
const firstWaitMs = 1000;
const longestRefusalMs = 60 * minuteMs;

/** Socket Mode: connections that Slack hands out and takes back; the next one stands before the last one goes. */
export class SocketMode {
  readonly #options: SocketModeOptions;
  #refusals = 0;

  constructor(options: SocketModeOptions) {
    this.#options = options;
  }

  /** Until `signal` aborts. Throws `AppError` when the connection is lost, and whatever `take` throws. */
  async run(handlers: SocketHandlers, signal: AbortSignal): Promise<void> {
    const session = new Session(this.#options, handlers, (stop) => this.#findAddress(stop), signal);
    try {
      await session.run();
    } finally {
      await session[Symbol.asyncDispose]();
    }
  }

  /** Also says whether the app's token is one. */
  async #findAddress(signal: AbortSignal): Promise<string> {
    const answer = await this.#options.api.call("apps.connections.open", {}, { signal, token: "app" });
    signal.throwIfAborted();
    if (answer.type !== "ok") {
      // A token that was revoked does not come back by itself: asked for less and less often.
      const retryAfterMs = Math.min(minuteMs * 2 ** this.#refusals, longestRefusalMs);
      if (answer.type === "unauthorized" || answer.type === "refused") this.#refusals += 1;
      throw toError(answer, "app", retryAfterMs);
    }
    this.#refusals = 0;
    const { url } = answer.result;
    if (typeof url === "string" && URL.canParse(url)) return url;
    throw new AppError("network", slackWords.notReached({ reason: "this is no Web API server" }));
  }
}

/** The connections of one run. */
class Session implements AsyncDisposable {
  readonly #options: SocketModeOptions;
  readonly #handlers: SocketHandlers;
  readonly #findAddress: (signal: AbortSignal) => Promise<string>;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #over = Promise.withResolvers<void>();
  readonly #links = new Set<SocketLink>();
  readonly #taken = new Set<Promise<void>>();
  #current: SocketLink | undefined;
  #replacing: Promise<void> | undefined;

  constructor(
    options: SocketModeOptions,
    handlers: SocketHandlers,
    findAddress: (signal: AbortSignal) => Promise<string>,
    signal: AbortSignal,
  ) {
    this.#options = options;
    this.#handlers = handlers;
    this.#findAddress = findAddress;
    this.#signal = AbortSignal.any([signal, this.#stop.signal]);
    this.#signal.addEventListener("abort", () => this.#over.resolve(), { once: true });
    // It may be over before anybody waits for that.
    this.#over.promise.catch(() => {});
  }

  async run(): Promise<void> {
    await this.#open();
    this.#handlers.connected();
    await this.#over.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    for (const link of this.#links) link[Symbol.dispose]();
    await Promise.allSettled([...this.#taken, this.#replacing]);
  }

  async #open(): Promise<void> {
    const { api, clock, pace } = this.#options;
    const address = await this.#findAddress(this.#signal);
    const onFrame = (frame: Frame, by: SocketLink): void => this.#hear(frame, by);
    const link = await SocketLink.open({ address, guard: api.guard, clock, pace, onFrame }, this.#signal);
    this.#links.add(link);
    this.#current = link;
    void link.closed.then((reason) => this.#lose(link, reason));
  }

  #hear(frame: Frame, link: SocketLink): void {
    if (frame.type === "disconnect") {
      if (frame.reason === "link_disabled") {
        return this.#fail(new AppError("config", slackWords.socketModeOff(), { retryAfterMs: minuteMs }));
      }
      if (link === this.#current || this.#current === undefined) this.#replace();
      return;
    }
    const { envelope } = frame;
    if (envelope === undefined) return;
    const taken = this.#handlers.take(frame).then(
      () => {
        // Over whichever connection stands: the one it came by may be gone.
        if (!link.acknowledge(envelope)) this.#current?.acknowledge(envelope);
      },
      (error: unknown) => this.#fail(error),
    );
    this.#taken.add(taken);
    void taken.finally(() => this.#taken.delete(taken));
  }

  /** The next one, and only then the end of this one. */
  #replace(): void {
    if (this.#replacing !== undefined) return;
    this.#replacing = this.#renew(this.#current)
      .catch((error: unknown) => this.#fail(error))
      .finally(() => (this.#replacing = undefined));
  }

  async #renew(before: SocketLink | undefined): Promise<void> {
    const { clock, pace } = this.#options;
    for (let waitMs = firstWaitMs; ; waitMs *= 2) {
      try {
        await this.#open();
        break;
      } catch (error) {
        // As long as the old one stands nothing is lost.
        if (before?.isOpen !== true || this.#signal.aborted) throw error;
      }
      await Promise.race([clock.sleep(waitMs, this.#signal), before.closed]);
    }
    if (before === undefined) return;
    void clock
      .sleep(pace.overlapMs, this.#signal)
      .catch(() => {})
      .then(() => before[Symbol.dispose]());
  }

  #lose(link: SocketLink, reason: string): void {
    this.#links.delete(link);
    if (link !== this.#current) return;
    this.#current = undefined;
    const failure = new AppError("network", slackWords.notReached({ reason }));
    if (this.#replacing === undefined) return this.#fail(failure);
    // The one that is on its way takes its place, or says why not.
    void this.#replacing.then(() => (this.#current === undefined ? this.#fail(failure) : undefined));
  }

  #fail(error: unknown): void {
    this.#over.reject(error);
  }
}

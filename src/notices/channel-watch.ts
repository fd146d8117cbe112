import type { Clock } from "../clock.ts";
import { hideSecrets } from "../words/hide-secrets.ts";
import { noticeWords } from "../words/english/notice.ts";
import type { OwnerNotices } from "./owner-notices.ts";

export interface ChannelWatchOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly notices: OwnerNotices;
}

/** A connection that is lost for a moment is nobody's business. */
const patienceMs = 10 * 60_000;
/** Whatever a platform says, a chat takes it. */
const longestReason = 200;

/** A channel that is down for ten minutes is told, and that it is back. Disposed of, it says nothing more. */
export class ChannelWatch implements Disposable {
  readonly #options: ChannelWatchOptions;
  #reason = "it does not connect";
  #wait: AbortController | undefined;

  constructor(options: ChannelWatchOptions) {
    this.#options = options;
  }

  note({ state, reason }: { readonly state: string; readonly reason?: string }): void {
    if (reason !== undefined) this.#reason = reason;
    if (state !== "connected") return this.#lose();
    this[Symbol.dispose]();
    const { name, notices } = this.#options;
    void notices.settle("channel", name);
    notices.tell();
  }

  [Symbol.dispose](): void {
    this.#wait?.abort();
    this.#wait = undefined;
  }

  #lose(): void {
    if (this.#wait !== undefined) return;
    const { name, clock, notices } = this.#options;
    const wait = new AbortController();
    this.#wait = wait;
    const since = clock.now();
    void clock.sleep(patienceMs, wait.signal).then(
      () => {
        const reason = hideSecrets(this.#reason).slice(0, longestReason);
        const said = noticeWords.channelDown({ channel: name, since: notices.format(since), reason });
        return notices.raise({ kind: "channel", id: name, said, since });
      },
      () => {},
    );
  }
}

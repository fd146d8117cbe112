/** Time, injected wherever logic depends on it. */
export interface Clock {
  /** UTC epoch milliseconds: for what is stored and for calendars. */
  now(): number;
  /** Milliseconds that only grow: for durations and deadlines. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with `signal.reason` as soon as the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Where the person's clock stands. */
export interface TimeZone {
  /** `Europe/Berlin`, where it is known. */
  readonly name: string | undefined;
  /** Minutes before UTC; west of it they are negative. */
  offsetAt(time: Date): number;
}

const longestTimer = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    for (let left = ms; left > 0; left -= longestTimer) {
      await sleepOnce(Math.min(left, longestTimer), signal);
    }
  },
};

function sleepOnce(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const timer = setTimeout(finish, ms);
    signal.addEventListener("abort", cancel, { once: true });
    function finish(): void {
      signal.removeEventListener("abort", cancel);
      resolve();
    }
    function cancel(): void {
      clearTimeout(timer);
      reject(signal.reason);
    }
  });
}

import type { Clock } from "../../src/clock.ts";
import { readProcessActivity, type ProcessActivity } from "./process-activity.ts";

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
}

/** Time that stands still until it is told to go on. */
export class VirtualClock implements Clock {
  #now: number;
  #monotonic = 0;
  #order = 0;
  readonly #timers: Timer[] = [];

  constructor(now: number = Date.UTC(2026, 0, 31, 12)) {
    this.#now = now;
  }

  now(): number {
    return Math.floor(this.#now);
  }

  monotonic(): number {
    return this.#monotonic;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const timer: Timer = {
        at: this.#monotonic + Math.max(ms, 0),
        order: this.#order++,
        fire: () => {
          signal.removeEventListener("abort", cancel);
          resolve();
        },
      };
      const cancel = (): void => {
        this.#timers.splice(this.#timers.indexOf(timer), 1);
        reject(signal.reason);
      };
      signal.addEventListener("abort", cancel, { once: true });
      this.#timers.push(timer);
    });
  }

  /** When the next timer is due, by the monotonic clock. */
  get nextAt(): number | undefined {
    const [first] = this.#timers.toSorted((a, b) => a.at - b.at || a.order - b.order);
    return first?.at;
  }

  /** The wall clock is put to another time; what has been waited for goes on as before. */
  jump(ms: number): void {
    this.#now += ms;
  }

  /** Fires what is due until then, in order, each after all that the one before has set off. */
  async advance(ms: number, settle: () => Promise<void> = () => settleAll()): Promise<void> {
    const until = this.#monotonic + ms;
    for (;;) {
      await settle();
      const due = this.#timers
        .filter(({ at }) => at <= until)
        .toSorted((a, b) => a.at - b.at || a.order - b.order)[0];
      if (due === undefined) break;
      this.#timers.splice(this.#timers.indexOf(due), 1);
      this.#moveTo(Math.max(due.at, this.#monotonic));
      due.fire();
    }
    this.#moveTo(until);
    await settle();
  }

  #moveTo(monotonic: number): void {
    this.#now += monotonic - this.#monotonic;
    this.#monotonic = monotonic;
  }
}

/** Whatever runs longer than that runs on purpose: a command that never ends. */
const longestMs = 20_000;

/**
 * Until all that needs no time has happened: no thread of ours and no child has run while the event loop turned often enough
 * for a few commits, one after the other, and none has anything to do. Turns alone would not do: on a busy machine forty of them
 * are over before a file is read.
 */
export async function settleAll(
  look: () => ProcessActivity | undefined = readProcessActivity,
): Promise<void> {
  const deadline = performance.now() + longestMs;
  let before = look();
  for (;;) {
    for (let turn = 0; turn < 40; turn++) await new Promise((resolve) => setImmediate(resolve));
    const now = look();
    const isSettled = now === undefined || (!now.isBusy && now.mark === before?.mark);
    if (isSettled || performance.now() > deadline) return;
    before = now;
    // What has the processor until then is what is waited for, and not this loop.
    if (now.isBusy) await Bun.sleep(1);
  }
}

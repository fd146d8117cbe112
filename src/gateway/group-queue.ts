import type { GroupId } from "../store/ids.ts";

/** People are served before tasks. */
export type Lane = "people" | "tasks";

/** Never rejects. `signal` aborts when the gateway stops, or someone stops the group. */
export type Work = (signal: AbortSignal) => Promise<void>;

interface Waiting {
  readonly group: GroupId;
  readonly lane: Lane;
  readonly work: Work;
  readonly done: () => void;
}

export interface QueueOptions {
  /** How much runs at once, in all groups together. */
  readonly places: number;
  /** Of these, how many no task ever takes. */
  readonly keptForPeople: number;
}

/**
 * One thing at a time in a group, any number of groups at once as far as there are places. Groups are served in the
 * order in which they began to wait, people before tasks; a group that has been served goes to the end.
 */
export class GroupQueue {
  readonly #options: QueueOptions;
  readonly #waiting: Waiting[] = [];
  readonly #running = new Map<GroupId, { readonly lane: Lane; readonly stop: AbortController }>();
  /** Of groups in which nothing may begin just now. */
  readonly #holds = new Map<object, GroupId>();
  #isClosed = false;
  #idle: (() => void)[] = [];

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** Resolves when the work is over, or was dropped because the queue was closed. */
  run(group: GroupId, lane: Lane, work: Work): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isClosed) return resolve();
      this.#waiting.push({ group, lane, work, done: resolve });
      this.#fill();
    });
  }

  get runningCount(): number {
    return this.#running.size;
  }

  isRunning(group: GroupId): boolean {
    return this.#running.has(group);
  }

  get waitingCount(): number {
    return this.#waiting.length;
  }

  /** Ends what runs in the group, at once; nothing else begins there before `meanwhile` is over. */
  async stop<T>(group: GroupId, reason: unknown, meanwhile: (wasRunning: boolean) => Promise<T>): Promise<T> {
    const hold = {};
    this.#holds.set(hold, group);
    try {
      const running = this.#running.get(group);
      running?.stop.abort(reason);
      return await meanwhile(running !== undefined);
    } finally {
      this.#holds.delete(hold);
      this.#fill();
    }
  }

  /** Nothing begins any more. Resolves when all that runs has ended; `signal` cuts it short with its reason. */
  async close(signal: AbortSignal): Promise<void> {
    this.#isClosed = true;
    for (const { done } of this.#waiting.splice(0)) done();
    const cut = (): void => {
      for (const { stop } of this.#running.values()) stop.abort(signal.reason);
    };
    if (signal.aborted) cut();
    signal.addEventListener("abort", cut, { once: true });
    if (this.#running.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
    signal.removeEventListener("abort", cut);
  }

  #fill(): void {
    for (;;) {
      const next = this.#takeNext();
      if (next === undefined) return;
      const stop = new AbortController();
      this.#running.set(next.group, { lane: next.lane, stop });
      void this.#serve(next, stop.signal);
    }
  }

  async #serve({ group, work, done }: Waiting, signal: AbortSignal): Promise<void> {
    await work(signal);
    this.#running.delete(group);
    done();
    this.#fill();
    if (this.#running.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  #takeNext(): Waiting | undefined {
    const { places, keptForPeople } = this.#options;
    if (this.#running.size >= places) return undefined;
    const tasks = [...this.#running.values()].filter(({ lane }) => lane === "tasks").length;
    const held = new Set(this.#holds.values());
    const isFree = ({ group }: Waiting): boolean => !this.#running.has(group) && !held.has(group);
    const index = this.#waiting.findIndex((each) => each.lane === "people" && isFree(each));
    const chosen =
      index >= 0 || tasks >= places - keptForPeople ? index : this.#waiting.findIndex((each) => isFree(each));
    return chosen < 0 ? undefined : this.#waiting.splice(chosen, 1)[0];
  }
}

export interface OutletOptions {
  /** What has to be on disk before anything more leaves; nothing when all is. Resolves when it is there. */
  readonly settle: () => Promise<void> | undefined;
  /** It could not be written: nothing leaves any more. */
  readonly onFailure: (error: unknown) => void;
}

type Leave = () => void;

/**
 * The one door out of the library. What it wants to send waits there, in its order, until all that it learnt before is on disk:
 * so no receipt is given for a message that could still be lost, and no key is used whose use could be forgotten.
 */
export class Outlet {
  readonly #options: OutletOptions;
  #waiting: Leave[] = [];
  #isAtWork = false;

  constructor(options: OutletOptions) {
    this.#options = options;
  }

  push(leave: Leave): void {
    this.#waiting.push(leave);
    this.wake();
  }

  /** Something has to be written, though nothing may want to leave. */
  wake(): void {
    if (this.#isAtWork) return;
    this.#isAtWork = true;
    void this.#run();
  }

  async #run(): Promise<void> {
    try {
      // The library sends, and then says which keys it has used for it: both count as one.
      await new Promise((next) => setImmediate(next));
      for (;;) {
        const leaving = this.#waiting;
        this.#waiting = [];
        const settling = this.#options.settle();
        if (leaving.length === 0 && settling === undefined) {
          this.#isAtWork = false;
          return;
        }
        await settling;
        for (const leave of leaving) leave();
      }
    } catch (error) {
      this.#options.onFailure(error);
    }
  }
}

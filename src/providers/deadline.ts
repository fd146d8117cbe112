/** Aborts with the caller, or when it was not extended in time. Disposing it ends whatever still uses its signal. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
  readonly isOver: boolean;
  /** Counts anew from now. */
  extend(ms: number): void;
}

export function startDeadline(ms: number, signal: AbortSignal): Deadline {
  const own = new AbortController();
  let isOver = false;
  let until = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  extend(ms);

  function extend(moreMs: number): void {
    const before = until;
    until = performance.now() + moreMs;
    if (timer !== undefined && until >= before) return;
    clearTimeout(timer);
    timer = setTimeout(check, moreMs);
  }

  // Extending happens with every piece of an answer, so it only moves a number; the timer looks when it fires.
  function check(): void {
    const left = until - performance.now();
    if (left > 0) {
      timer = setTimeout(check, left);
      return;
    }
    isOver = true;
    own.abort();
  }

  return {
    signal: AbortSignal.any([signal, own.signal]),
    get isOver() {
      return isOver;
    },
    extend,
    [Symbol.dispose]() {
      clearTimeout(timer);
      own.abort();
    },
  };
}

import type { LibraryLink } from "./link.ts";
import type { LibraryAnswer, LibraryRequest, Report } from "./wire.ts";

/** Longer than the library waits for WhatsApp. */
const callMs = 60_000;

/** What is asked of the library, while it is there. Never rejects. */
export class LibraryCalls {
  readonly #open = new Map<number, (answer: LibraryAnswer) => void>();
  #link: LibraryLink | undefined;
  #last = 0;

  /** From now on it can be asked. */
  begin(link: LibraryLink): void {
    this.#link = link;
  }

  /** It is gone: nobody knows what became of what it was asked. */
  end(): void {
    this.#link = undefined;
    for (const settle of this.#open.values()) settle({ type: "unknown", reason: "the connection was lost" });
    this.#open.clear();
  }

  settle({ call, answer }: Extract<Report, { type: "answer" }>): void {
    this.#open.get(call)?.(answer);
  }

  async call(request: LibraryRequest, signal: AbortSignal): Promise<LibraryAnswer> {
    const link = this.#link;
    if (link === undefined || signal.aborted)
      return { type: "not-sent", reason: "WhatsApp is not connected" };
    const call = ++this.#last;
    const { promise, resolve } = Promise.withResolvers<LibraryAnswer>();
    const limit = AbortSignal.any([signal, AbortSignal.timeout(callMs)]);
    const giveUp = (): void => resolve({ type: "unknown", reason: "no answer came in time" });
    limit.addEventListener("abort", giveUp, { once: true });
    this.#open.set(call, resolve);
    link.order({ type: "call", call, request });
    try {
      return await promise;
    } finally {
      limit.removeEventListener("abort", giveUp);
      this.#open.delete(call);
    }
  }
}

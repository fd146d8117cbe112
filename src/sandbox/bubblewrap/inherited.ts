import type { Descriptor } from "./descriptor.ts";

/** The descriptors that one child gets after the first three, and what they are called there. */
export class Inherited implements Disposable {
  readonly #numbers: number[] = [];
  readonly #owned: Descriptor[] = [];

  get numbers(): readonly number[] {
    return this.#numbers;
  }

  /** Stays open here. Returns its number in the child. */
  lend(descriptor: Descriptor): string {
    return String(2 + this.#numbers.push(descriptor.number));
  }

  /** Is closed here once the child has it. Returns its number in the child. */
  give(descriptor: Descriptor): string {
    this.#owned.push(descriptor);
    return this.lend(descriptor);
  }

  [Symbol.dispose](): void {
    for (const descriptor of this.#owned) descriptor.close();
  }
}

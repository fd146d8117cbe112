import { closeSync, openSync } from "node:fs";

/** An open descriptor with one owner. Closing it twice is harmless. */
export class Descriptor implements Disposable {
  readonly number: number;
  #isOpen = true;

  constructor(number: number) {
    this.number = number;
  }

  static open(path: string, flags: number): Descriptor {
    return new Descriptor(openSync(path, flags));
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    closeSync(this.number);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

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

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

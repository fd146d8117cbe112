import { joinTaint, type Taint } from "../authority/taint.ts";

/** The bits of a turn as it goes: it starts with all that is in its prompt, and they only add up. */
export class TurnTaint {
  #bits: Taint;

  constructor(...start: readonly Taint[]) {
    this.#bits = joinTaint(...start);
  }

  get current(): Taint {
    return this.#bits;
  }

  add(taint: Taint): void {
    this.#bits = joinTaint(this.#bits, taint);
  }
}

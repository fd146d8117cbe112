import type { ToolCall, ToolResultMessage } from "../providers/provider.ts";

/** Notices a model that goes round in circles: the same call with the same result, again and again. */
export class RepeatCounter {
  readonly #counts = new Map<number | bigint, number>();
  #highest = 0;

  get highest(): number {
    return this.#highest;
  }

  count(calls: readonly ToolCall[], results: readonly ToolResultMessage[]): void {
    for (const [index, call] of calls.entries()) {
      const key = Bun.hash(`${call.name}\0${call.arguments}\0${results[index]?.content ?? ""}`);
      const count = (this.#counts.get(key) ?? 0) + 1;
      this.#counts.set(key, count);
      this.#highest = Math.max(this.#highest, count);
    }
  }
}

import { sanitizeText } from "../sanitize.ts";

export interface LoggedCall {
  readonly number: number;
  readonly title: string;
  /** As it came: not sanitised. */
  readonly content: string;
}

const mostCalls = 200;
const mostCharacters = 8_000_000;

/** The calls of a session with their whole results, the newest that fit, so that what was folded can be unfolded. */
export class CallLog {
  #calls: readonly LoggedCall[] = [];
  #size = 0;
  #last = 0;

  /** Its number, counted from 1. */
  add(title: string, content: string): number {
    this.#last += 1;
    this.#calls = [...this.#calls, { number: this.#last, title, content }];
    this.#size += content.length;
    while (this.#calls.length > mostCalls || (this.#size > mostCharacters && this.#calls.length > 1)) {
      this.#size -= this.#calls[0]?.content.length ?? 0;
      this.#calls = this.#calls.slice(1);
    }
    return this.#last;
  }

  /** What a person sees of the last call, or of the one with this number. Sanitised. */
  unfold(wanted: string): string {
    if (this.#last === 0) return "No tool has run yet.\n";
    const call =
      wanted === "" ? this.#calls.at(-1) : this.#calls.find(({ number }) => String(number) === wanted);
    if (call === undefined) {
      return `No call ${sanitizeText(wanted)}. Known: ${this.#calls[0]?.number ?? 1} to ${this.#last}.\n`;
    }
    const content = sanitizeText(call.content).trimEnd();
    return `${call.number}: ${sanitizeText(call.title)}\n${content === "" ? "(nothing)" : content}\n`;
  }
}

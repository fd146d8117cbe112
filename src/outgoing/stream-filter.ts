import type { AgentEvent } from "../agent/events.ts";
import type { Reader } from "../store/database.ts";
import type { Outgoing, OutgoingFilter } from "./outgoing-filter.ts";
import { findWordEnd } from "./word-end.ts";

/** Of words that go on, so many are not shown before it is known what follows. */
const heldBack = 64;
/** Looked at again before what is new: what was shown of a secret so far. */
const lookBack = 200;

/** Those who listen. */
interface Audience {
  /** Nobody does: then only the types of events are shown, and nothing is filtered. */
  readonly isHeard: () => boolean;
  readonly show: (event: { readonly type: string }) => void;
}

/** What a turn says as it goes, on its way to those who listen: nothing is shown before the filter has seen it. */
export class StreamFilter {
  readonly #filter: OutgoingFilter;
  readonly #reader: Reader;
  readonly #place: Omit<Outgoing, "text">;
  readonly #audience: Audience;
  readonly #waiting = { "text-delta": new Waiting(), "thinking-delta": new Waiting() };
  #last: Promise<void> = Promise.resolve();

  constructor(filter: OutgoingFilter, reader: Reader, place: Omit<Outgoing, "text">, audience: Audience) {
    this.#filter = filter;
    this.#reader = reader;
    this.#place = place;
    this.#audience = audience;
  }

  /** In the order in which it is called. */
  show(event: AgentEvent): Promise<void> {
    const shown = this.#last.then(() => this.#pass(event));
    this.#last = shown.catch(() => {});
    return shown;
  }

  async #pass(event: AgentEvent): Promise<void> {
    if (event.type === "text-delta" || event.type === "thinking-delta") {
      const waiting = this.#waiting[event.type];
      waiting.text += event.text;
      if (waiting.text.length - waiting.shown >= heldBack * 2) await this.#showDelta(event.type, false);
      return;
    }
    await this.#showDelta("thinking-delta", true);
    await this.#showDelta("text-delta", true);
    const { isHeard, show } = this.#audience;
    show(isHeard() ? await this.#filterFields(event) : { type: event.type });
  }

  async #showDelta(type: DeltaType, isLast: boolean): Promise<void> {
    const waiting = this.#waiting[type];
    const { text, shown } = waiting;
    const known = isLast ? text.length : findWordEnd(text, text.length - heldBack);
    if (known > shown && this.#audience.isHeard()) {
      const start = Math.max(0, shown - lookBack);
      // Struck out, a text keeps its length.
      const struck = this.#filter.strike(text.slice(start)).slice(shown - start, known - start);
      const event: AgentEvent = { type, text: await this.#filterText(struck) };
      this.#audience.show(event);
    }
    // What nobody heard is looked at all the same when somebody listens to what follows.
    waiting.shown = Math.max(known, shown);
    if (isLast) this.#waiting[type] = new Waiting();
  }

  async #filterText(text: string): Promise<string> {
    return (await this.#filter.filter(this.#reader, { ...this.#place, text })).text;
  }

  /** Every text in it. */
  async #filterFields(event: AgentEvent): Promise<{ readonly type: string }> {
    const fields = Object.entries(event).map(async ([key, item]) => [key, await this.#map(item)] as const);
    return { ...Object.fromEntries(await Promise.all(fields)), type: event.type };
  }

  async #map(value: unknown): Promise<unknown> {
    if (typeof value === "string") return await this.#filterText(value);
    if (Array.isArray(value)) return await Promise.all(value.map((item) => this.#map(item)));
    if (typeof value !== "object" || value === null) return value;
    const fields = Object.entries(value).map(async ([key, item]) => [key, await this.#map(item)] as const);
    return Object.fromEntries(await Promise.all(fields));
  }
}

type DeltaType = "text-delta" | "thinking-delta";

class Waiting {
  text = "";
  shown = 0;
}

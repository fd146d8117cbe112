const newline = 10;

/** More than any model sends in one event; what is longer is not ours to keep in memory. */
const longestEvent = 32 * 1024 * 1024;

/**
 * Reads `text/event-stream` as far as model servers use it: the `data` of each event, in order. Comments, `event`,
 * `id` and `retry` are skipped, all three line ends are known, and a last event without its blank line counts.
 */
export class EventStream {
  readonly #decoder = new TextDecoder();
  #line = "";
  #data: string | undefined;
  #endedWithReturn = false;

  /** The events that these bytes complete. Throws `RangeError` for an event beyond reason. */
  push(bytes: Uint8Array): string[] {
    return this.#read(this.#decoder.decode(bytes, { stream: true }));
  }

  /** What the end of the stream completes. */
  end(): string[] {
    const events = this.#read(`${this.#decoder.decode()}\n`);
    if (this.#data !== undefined) events.push(this.#data);
    this.#data = undefined;
    return events;
  }

  #read(text: string): string[] {
    const events: string[] = [];
    let start = this.#endedWithReturn && text.charCodeAt(0) === newline ? 1 : 0;
    if (text !== "") this.#endedWithReturn = text.endsWith("\r");
    const nextLineEnd = text.includes("\r") ? nextAnyLineEnd : nextLineFeed;
    for (;;) {
      const end = nextLineEnd(text, start);
      if (end < 0) break;
      const line = this.#line + text.slice(start, end);
      this.#line = "";
      if (line === "") this.#finishEvent(events);
      else this.#readField(line);
      start = text.startsWith("\r\n", end) ? end + 2 : end + 1;
    }
    this.#line += text.slice(start);
    if (this.#line.length + (this.#data?.length ?? 0) > longestEvent) {
      throw new RangeError("an event of the stream is too long");
    }
    return events;
  }

  #finishEvent(events: string[]): void {
    if (this.#data !== undefined) events.push(this.#data);
    this.#data = undefined;
  }

  #readField(line: string): void {
    if (!line.startsWith("data")) return;
    const rest = line.slice("data".length);
    if (rest !== "" && !rest.startsWith(":")) return;
    const value = rest.startsWith(": ") ? rest.slice(2) : rest.slice(1);
    this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
  }
}

function nextLineFeed(text: string, from: number): number {
  return text.indexOf("\n", from);
}

function nextAnyLineEnd(text: string, from: number): number {
  const feed = text.indexOf("\n", from);
  const carriage = text.indexOf("\r", from);
  return feed < 0 || carriage < 0 ? Math.max(feed, carriage) : Math.min(feed, carriage);
}

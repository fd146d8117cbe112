import type { Clock } from "../../../clock.ts";
import { TextSanitizer } from "../sanitize.ts";
import type { AnswerPainter, Frame } from "./answer-painter.ts";
import { dim, paintText, withoutColor } from "./ink.ts";
import { MarkdownPainter } from "./markdown-painter.ts";
import { PlainPainter } from "./plain-painter.ts";

/** Where a turn is shown: the answer, lines beside it, and one line that comes and goes. */
export interface TurnSurface {
  /** `open` stands below `text` until the next call replaces it; both appear at once. */
  text(text: string, open: readonly string[]): Promise<void>;
  /** Ends the answer's last line, if anything stands in it. */
  endLine(): Promise<void>;
  aside(text: string): Promise<void>;
  /** Empty when there is nothing to say. */
  status(text: string): Promise<void>;
  columns(): number;
}

/** What the terminal behind the surface can do. */
export interface TerminalLook {
  /** What stands there can be taken back: a status line, an answer that is drawn while it grows. */
  readonly isLive: boolean;
  readonly hasColor: boolean;
  readonly hasLinks: boolean;
}

export interface TurnScreenOptions {
  readonly look: TerminalLook;
  readonly hasMarkdown: boolean;
  readonly clock: Clock;
}

const tickMs = 50;
/** Frames come no faster than this, whatever the model's speed. */
const frameMs = 30;
/** So long without text, and the status line says that something goes on. */
const quietMs = 1000;
/** As much text at once as is painted between two looks at the keyboard. */
const slice = 16_384;

/**
 * A turn in frames: text as it comes, and a status line that moves by itself. Text is sanitised here, asides by the
 * caller. The methods but `run` and `stop` are called inside of `run`: events and the clock both paint, one at a time.
 */
export class TurnScreen {
  readonly #surface: TurnSurface;
  readonly #options: TurnScreenOptions;
  #describe: (now: number, columns: number) => string = () => "";
  #sanitizer = new TextSanitizer();
  #painter: AnswerPainter;
  #openRows = "";
  #status = "";
  #isInText = false;
  #paintedAt = -Infinity;
  #textAt = -Infinity;
  #ticking: AbortController | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(surface: TurnSurface, options: TurnScreenOptions) {
    this.#surface = surface;
    this.#options = options;
    this.#painter = this.#createPainter();
  }

  get columns(): number {
    return this.#surface.columns();
  }

  get isInText(): boolean {
    return this.#isInText;
  }

  /** Whether a status line moves: something was begun and has not ended. */
  get isMoving(): boolean {
    return this.#ticking?.signal.aborted === false;
  }

  /** One after the other. Rejects when the terminal cannot be written to, and then nothing moves any more. */
  async run(action: () => Promise<void>): Promise<void> {
    const mine = this.#last.then(action, action);
    this.#last = mine;
    try {
      await mine;
    } catch (error) {
      this.#ticking?.abort();
      throw error;
    }
  }

  /** From now on the status line says what `describe` says, until `end`. */
  begin(describe: (now: number, columns: number) => string): void {
    this.#describe = describe;
    this.#ticking?.abort();
    if (!this.#options.look.isLive) return;
    // An answer that is there at once needs no status line, and a request does not wait for one.
    this.#paintedAt = this.#options.clock.monotonic();
    this.#ticking = new AbortController();
    void this.#tick(this.#ticking.signal);
  }

  async addText(text: string): Promise<void> {
    if (text === "") return;
    const isFirst = !this.#isInText;
    this.#isInText = true;
    if (isFirst) await this.#setStatus("");
    for (let place = 0; place < text.length; place += slice) {
      this.#painter.push(this.#sanitizer.push(text.slice(place, place + slice)));
      this.#textAt = this.#options.clock.monotonic();
      await this.paint(isFirst || text.length > slice);
    }
  }

  /** Ends the answer's last line, so that what comes next has its own. */
  async endText(): Promise<void> {
    this.#painter.push(this.#sanitizer.end());
    await this.#put(this.#painter.end(this.columns));
    await this.#surface.endLine();
    this.#sanitizer = new TextSanitizer();
    this.#painter = this.#createPainter();
    this.#isInText = false;
  }

  /** Quiet lines of their own. */
  async aside(lines: readonly string[]): Promise<void> {
    await this.endText();
    await this.#surface.aside(lines.map((line) => `${this.#toQuiet(line)}\n`).join(""));
  }

  /** A frame, unless the last one was a moment ago: then the clock makes one. */
  async paint(isForced = false): Promise<void> {
    const now = this.#options.clock.monotonic();
    const isClocked = this.isMoving;
    if (!isForced && isClocked && now - this.#paintedAt < frameMs) return;
    this.#paintedAt = now;
    await this.#put(this.#painter.frame(this.columns));
    const isQuiet = !this.#isInText || now - this.#textAt > quietMs;
    if (isClocked) await this.#setStatus(isQuiet ? this.#describe(now, this.columns - 1) : "");
    // A model that never pauses must leave the keyboard its turn.
    await new Promise((resolve) => setImmediate(resolve));
  }

  async end(): Promise<void> {
    this.#ticking?.abort();
    await this.endText();
    await this.#setStatus("");
  }

  async #put(frame: Frame): Promise<void> {
    const { done, open } = this.#options.look.hasColor ? frame : withoutColors(frame);
    const openRows = open.join("\n");
    if (done === "" && openRows === this.#openRows) return;
    this.#openRows = openRows;
    await this.#surface.text(done, open);
  }

  async #setStatus(text: string): Promise<void> {
    if (text === this.#status) return;
    this.#status = text;
    await this.#surface.status(this.#toQuiet(text));
  }

  /** Ends with its signal, or with a terminal that is gone: the next event is told then. */
  async #tick(signal: AbortSignal): Promise<void> {
    try {
      for (;;) {
        await this.#options.clock.sleep(tickMs, signal);
        await this.run(async () => (signal.aborted ? undefined : await this.paint()));
      }
    } catch {
      // Either way there is nothing left to move.
    }
  }

  #toQuiet(text: string): string {
    return this.#options.look.hasColor ? paintText(text, dim) : text;
  }

  #createPainter(): AnswerPainter {
    const { look, hasMarkdown } = this.#options;
    return look.isLive && hasMarkdown ? new MarkdownPainter(look) : new PlainPainter();
  }
}

function withoutColors({ done, open }: Frame): Frame {
  return { done: withoutColor(done), open: open.map(withoutColor) };
}

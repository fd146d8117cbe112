import type { AgentEvent } from "../agent/events.ts";
import { Activity } from "../channels/terminal/render/activity.ts";
import type { AnswerPainter, Frame } from "../channels/terminal/render/answer-painter.ts";
import { CallLog } from "../channels/terminal/render/call-log.ts";
import { MarkdownPainter } from "../channels/terminal/render/markdown-painter.ts";
import { PlainPainter } from "../channels/terminal/render/plain-painter.ts";
import { sanitizeLine, TextSanitizer } from "../channels/terminal/sanitize.ts";
import type { Clock } from "../clock.ts";
import { toText } from "../providers/provider.ts";
import { createStyle, type Style } from "./style.ts";
import type { TerminalLook } from "./terminal-look.ts";
import { formatFailure, formatThought, formatToolLine } from "./tool-line.ts";

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

export interface TurnViewOptions {
  readonly look: TerminalLook;
  readonly hasMarkdown: boolean;
  readonly clock: Clock;
  /** Where `/show` unfolds what was folded. */
  readonly canUnfold: boolean;
}

const tickMs = 50;
/** Frames come no faster than this, whatever the model's speed. */
const frameMs = 30;
/** So long without text, and the status line says that something goes on. */
const quietMs = 1000;
/** As much text at once as is painted between two looks at the keyboard. */
const slice = 16_384;

/** Shows a turn to a person at a terminal, as it goes. Nothing that the model or a tool wrote reaches it unsanitised. */
export class TurnView {
  readonly #surface: TurnSurface;
  readonly #options: TurnViewOptions;
  readonly #style: Style;
  readonly #calls = new CallLog();
  #activity: Activity;
  #sanitizer = new TextSanitizer();
  #painter: AnswerPainter;
  #openRows = "";
  #status = "";
  #isInText = false;
  #paintedAt = -Infinity;
  #textAt = -Infinity;
  #thought: { text: string; readonly since: number } | undefined;
  #ticking: AbortController | undefined;
  /** One after the other: events and the clock both paint. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(surface: TurnSurface, options: TurnViewOptions) {
    this.#surface = surface;
    this.#options = options;
    this.#style = createStyle(options.look.hasColor);
    this.#painter = this.#createPainter();
    this.#activity = new Activity(options.clock.monotonic());
  }

  /** Rejects when the terminal can not be written to. */
  async show(event: AgentEvent): Promise<void> {
    try {
      await this.#inTurn(() => this.#show(event));
    } catch (error) {
      this.#ticking?.abort();
      throw error;
    }
  }

  /** When a turn ended without saying so: nothing of it moves any more. */
  async stop(): Promise<void> {
    this.#ticking?.abort();
    await this.#inTurn(async () => {
      await this.#endText();
      await this.#setStatus("");
    });
  }

  /** The whole result of the last call, or of the one with this number, for a person. */
  unfold(number: string): string {
    return this.#calls.unfold(number.trim());
  }

  async #show(event: AgentEvent): Promise<void> {
    const now = this.#options.clock.monotonic();
    switch (event.type) {
      case "turn-start":
        this.#activity = new Activity(now);
        this.#startTicking();
        break;
      case "step-start":
        break;
      case "text-delta":
        return await this.#addText(event.text);
      case "thinking-delta":
        this.#thought ??= { text: "", since: now };
        this.#thought.text = (this.#thought.text + event.text).slice(0, slice);
        this.#activity.think(event.text);
        break;
      case "message-end":
        if (!this.#isInText) await this.#addText(toText(event.message));
        await this.#endText();
        await this.#foldThought();
        this.#activity.endMessage(event.usage.outputTokens);
        if (event.wasCut) await this.#aside("  The answer was cut off here.");
        break;
      case "tool-start":
        await this.#endText();
        this.#activity.startCall(event.callId, event.title, now);
        break;
      case "tool-progress":
        this.#activity.progress(event.callId, event.text);
        break;
      case "tool-end":
        await this.#endCall(event);
        break;
      case "retry":
        this.#activity.retryAt(now + event.waitMs, event.reason);
        await this.#aside(`  Trying again (${event.attempt}): ${sanitizeLine(event.reason)}`);
        break;
      case "notice":
        await this.#aside(`  ${sanitizeLine(event.text)}`);
        break;
      case "turn-end":
        this.#ticking?.abort();
        await this.#endText();
        await this.#foldThought();
        return await this.#setStatus("");
      case "message-join":
        return;
      default:
        event satisfies never;
    }
    await this.#paint(false);
  }

  async #addText(text: string): Promise<void> {
    if (text === "") return;
    await this.#foldThought();
    if (!this.#isInText) await this.#setStatus("");
    this.#isInText = true;
    this.#activity.receive(text);
    for (let place = 0; place < text.length; place += slice) {
      this.#painter.push(this.#sanitizer.push(text.slice(place, place + slice)));
      this.#textAt = this.#options.clock.monotonic();
      await this.#paint(text.length > slice);
    }
  }

  /** Ends the answer's last line, so that what comes next has its own. */
  async #endText(): Promise<void> {
    this.#painter.push(this.#sanitizer.end());
    await this.#put(this.#painter.end(this.#surface.columns()));
    await this.#surface.endLine();
    this.#sanitizer = new TextSanitizer();
    this.#painter = this.#createPainter();
    this.#isInText = false;
  }

  async #endCall(event: Extract<AgentEvent, { type: "tool-end" }>): Promise<void> {
    this.#activity.endCall(event.message.callId);
    const number = this.#calls.add(event.title, event.message.content);
    const columns = this.#surface.columns();
    const lines = [
      formatToolLine(event, columns),
      ...formatFailure(event, columns, this.#options.canUnfold ? number : undefined),
    ];
    await this.#aside(lines.join("\n"));
  }

  async #foldThought(): Promise<void> {
    const thought = this.#thought;
    this.#thought = undefined;
    if (thought === undefined) return;
    const durationMs = this.#options.clock.monotonic() - thought.since;
    await this.#aside(formatThought(thought.text, durationMs, this.#surface.columns()));
  }

  async #aside(text: string): Promise<void> {
    await this.#endText();
    const lines = text.split("\n").map((line) => `${this.#style.dim(line)}\n`);
    await this.#surface.aside(lines.join(""));
  }

  /** A frame, unless the last one was a moment ago: then the clock makes one. */
  async #paint(isForced: boolean): Promise<void> {
    const now = this.#options.clock.monotonic();
    const isClocked = this.#options.look.isLive && this.#ticking?.signal.aborted === false;
    if (!isForced && isClocked && now - this.#paintedAt < frameMs) return;
    this.#paintedAt = now;
    await this.#put(this.#painter.frame(this.#surface.columns()));
    const isQuiet = !this.#isInText || now - this.#textAt > quietMs;
    if (isClocked)
      await this.#setStatus(isQuiet ? this.#activity.line(now, this.#surface.columns() - 1) : "");
    // A model that never pauses must leave the keyboard its turn.
    await new Promise((resolve) => setImmediate(resolve));
  }

  async #put({ done, open }: Frame): Promise<void> {
    const openRows = open.join("\n");
    if (done === "" && openRows === this.#openRows) return;
    this.#openRows = openRows;
    await this.#surface.text(done, open);
  }

  async #setStatus(text: string): Promise<void> {
    if (text === this.#status) return;
    this.#status = text;
    await this.#surface.status(this.#style.dim(text));
  }

  #startTicking(): void {
    this.#ticking?.abort();
    if (!this.#options.look.isLive) return;
    this.#ticking = new AbortController();
    void this.#tick(this.#ticking.signal);
  }

  /** Ends with its signal, or with a terminal that is gone: the next event is told then. */
  async #tick(signal: AbortSignal): Promise<void> {
    try {
      for (;;) {
        await this.#options.clock.sleep(tickMs, signal);
        await this.#inTurn(async () => (signal.aborted ? undefined : await this.#paint(false)));
      }
    } catch {
      this.#ticking?.abort();
    }
  }

  async #inTurn(action: () => Promise<void>): Promise<void> {
    const mine = this.#last.then(action, action);
    this.#last = mine;
    return await mine;
  }

  #createPainter(): AnswerPainter {
    const { look, hasMarkdown } = this.#options;
    return look.isLive && look.hasColor && hasMarkdown ? new MarkdownPainter(look) : new PlainPainter();
  }
}

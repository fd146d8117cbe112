import type { AgentEvent } from "../agent/events.ts";
import { Activity } from "../channels/terminal/render/activity.ts";
import { CallLog } from "../channels/terminal/render/call-log.ts";
import { formatThought } from "../channels/terminal/render/thought-line.ts";
import {
  TurnScreen,
  type TurnScreenOptions,
  type TurnSurface,
} from "../channels/terminal/render/turn-screen.ts";
import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import { toText } from "../providers/provider.ts";
import { formatFailure, formatToolLine } from "./tool-line.ts";

export interface TurnViewOptions extends TurnScreenOptions {
  /** There is a `/show` that unfolds what was folded. */
  readonly canUnfold: boolean;
}

/** Of a thought only the beginning is shown. */
const keptThought = 1000;

/** Shows a turn to a person at a terminal, as it goes. Nothing that the model or a tool wrote reaches it unsanitised. */
export class TurnView {
  readonly #screen: TurnScreen;
  readonly #options: TurnViewOptions;
  readonly #calls = new CallLog();
  #activity: Activity;
  #thought: { text: string; readonly since: number } | undefined;

  constructor(surface: TurnSurface, options: TurnViewOptions) {
    this.#screen = new TurnScreen(surface, options);
    this.#options = options;
    this.#activity = new Activity(this.#now());
  }

  /** Rejects when the terminal cannot be written to. */
  async show(event: AgentEvent): Promise<void> {
    await this.#screen.run(() => this.#show(event));
  }

  /** For a turn that ended without saying so: nothing of it moves any more. */
  async stop(): Promise<void> {
    await this.#screen.run(() => this.#screen.end());
  }

  /** The whole result of the last call, or of the one with this number, as lines for a person. Sanitised. */
  unfold(number: string): string {
    return this.#calls.unfold(number.trim());
  }

  async #show(event: AgentEvent): Promise<void> {
    switch (event.type) {
      case "turn-start":
        this.#begin();
        break;
      case "text-delta":
        return await this.#addText(event.text);
      case "thinking-delta":
        this.#addThought(event.text);
        break;
      case "message-end":
        if (!this.#screen.isInText) await this.#addText(toText(event.message));
        await this.#screen.endText();
        await this.#foldThought();
        this.#activity.endMessage(event.usage.outputTokens);
        if (event.wasCut) await this.#screen.aside(["  The answer was cut off here."]);
        break;
      case "tool-start":
        await this.#screen.endText();
        // A call of the person's own belongs to no turn.
        if (!this.#screen.isMoving) this.#begin();
        this.#activity.startCall(event.callId, event.title, this.#now());
        break;
      case "tool-progress":
        this.#activity.progress(event.callId, event.text);
        break;
      case "tool-end":
        await this.#endCall(event);
        break;
      case "retry":
        this.#activity.retryAt(this.#now() + event.waitMs, event.reason);
        await this.#screen.aside([`  Trying again (${event.attempt}): ${sanitizeLine(event.reason)}`]);
        break;
      case "notice":
        await this.#screen.aside([`  ${sanitizeLine(event.text)}`]);
        break;
      case "approval-wait":
        await this.#screen.aside([
          `  #${event.approval} waits for your yes: ${sanitizeLine(event.title)}`,
          // Where nobody may be asked, that is how he answers.
          ...(this.#options.canUnfold ? [] : [`  nanoclaw approvals allow ${event.approval}`]),
        ]);
        break;
      case "turn-end":
        await this.#screen.endText();
        await this.#foldThought();
        return await this.#screen.end();
      case "step-start":
      case "message-join":
        break;
      default:
        event satisfies never;
    }
    await this.#screen.paint();
  }

  #begin(): void {
    this.#activity = new Activity(this.#now());
    this.#screen.begin((now, columns) => this.#activity.line(now, columns));
  }

  async #addText(text: string): Promise<void> {
    if (text !== "") await this.#foldThought();
    this.#activity.receive(text);
    await this.#screen.addText(text);
  }

  #addThought(text: string): void {
    this.#thought ??= { text: "", since: this.#now() };
    this.#thought.text = (this.#thought.text + text).slice(0, keptThought);
    this.#activity.think(text);
  }

  async #foldThought(): Promise<void> {
    const thought = this.#thought;
    this.#thought = undefined;
    if (thought === undefined) return;
    const durationMs = this.#now() - thought.since;
    await this.#screen.aside([formatThought(thought.text, durationMs, this.#screen.columns)]);
  }

  async #endCall(event: Extract<AgentEvent, { type: "tool-end" }>): Promise<void> {
    const { columns } = this.#screen;
    const number = this.#calls.add(event.title, event.message.content);
    const shown = this.#options.canUnfold ? number : undefined;
    this.#activity.endCall(event.message.callId);
    await this.#screen.aside([formatToolLine(event, columns), ...formatFailure(event, columns, shown)]);
  }

  #now(): number {
    return this.#options.clock.monotonic();
  }
}

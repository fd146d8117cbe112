import type { Prompt, PromptEvent } from "../channels/terminal/prompt.ts";
import { sanitizeLine, sanitizeText } from "../channels/terminal/sanitize.ts";
import type { Clock } from "../clock.ts";
import { AppError, explain, isCancelled } from "../errors.ts";
import type { Conversation, TurnEnd } from "../gateway/conversation.ts";
import { parseAnswer, UndoDialog } from "../snapshots/undo-dialog.ts";
import {
  formatConversationStatus,
  formatSlashHelp,
  parsePromptLine,
  type PromptLine,
} from "./slash-commands.ts";
import type { Saying } from "../words/define-words.ts";
import type { Phrases } from "../words/english/phrases.ts";
import type { Style } from "./style.ts";
import type { TurnView } from "./turn-view.ts";

export interface PromptSessionOptions {
  readonly conversation: Conversation;
  readonly prompt: Prompt;
  readonly view: TurnView;
  readonly style: Style;
  readonly clock: Clock;
  readonly speech: Speech;
}

/** What is said to the person, in his language. */
export interface Speech {
  readonly phrases: Phrases;
  formatProblem(problem: Saying): string;
}

/** A second Ctrl-C within this time leaves. */
const leaveWithinMs = 2000;

interface RunningTurn {
  readonly stop: AbortController;
  readonly over: Promise<TurnOver>;
}

interface TurnOver {
  readonly type: "turn-over";
  /** The turn's end, or what the conversation threw. */
  readonly outcome: { readonly end: TurnEnd } | { readonly error: unknown };
}

/** Lines in, turns out. One turn at a time; what is typed meanwhile waits its turn, but for the commands that cannot. */
export class PromptSession {
  readonly #options: PromptSessionOptions;
  readonly #undo: UndoDialog;
  #waiting: string[] = [];
  #turn: RunningTurn | undefined;
  #interruptedAt = -Infinity;
  #isLeaving = false;

  constructor(options: PromptSessionOptions) {
    this.#options = options;
    const { conversation, speech } = options;
    const say = (text: string): Promise<void> => this.#tell(`${sanitizeText(text)}\n`);
    this.#undo = new UndoDialog({ open: () => conversation.undo(), phrases: speech.phrases.undo, say });
  }

  /** Ends when the person leaves; rejects with `signal.reason`. No turn is left running either way. */
  async run(signal: AbortSignal): Promise<void> {
    const { prompt } = this.#options;
    try {
      let entered = prompt.next(signal);
      for (;;) {
        const event = await (this.#turn === undefined ? entered : Promise.race([this.#turn.over, entered]));
        if (event.type === "turn-over") {
          await this.#finishTurn(event, signal);
          if (this.#isLeaving && this.#turn === undefined) return;
          continue;
        }
        if ((await this.#receive(event, signal)) === "leave") return;
        entered = prompt.next(signal);
      }
    } finally {
      this.#turn?.stop.abort(cancelled());
      await this.#turn?.over;
      await this.#undo[Symbol.asyncDispose]();
    }
  }

  async #receive(event: PromptEvent, signal: AbortSignal): Promise<"leave" | "stay"> {
    switch (event.type) {
      case "end":
        // What was asked before is still answered; Ctrl-C cuts it short.
        this.#isLeaving = true;
        return this.#turn === undefined ? "leave" : "stay";
      case "interrupt":
        return await this.#interrupt();
      case "line":
        return await this.#enter(event.text, signal);
      default:
        return event satisfies never;
    }
  }

  async #interrupt(): Promise<"leave" | "stay"> {
    const now = this.#options.clock.monotonic();
    const isSecond = now - this.#interruptedAt < leaveWithinMs;
    this.#interruptedAt = now;
    if (isSecond) return "leave";
    if (this.#undo.isAsking) await this.#undo.decline();
    else if (this.#turn === undefined) await this.#say(this.#options.speech.phrases.prompt.leaveAgain);
    else await this.#stopTurn(this.#turn);
    return "stay";
  }

  async #enter(text: string, signal: AbortSignal): Promise<"leave" | "stay"> {
    if (this.#undo.isAsking) return await this.#answer(text, signal);
    const line = parsePromptLine(text);
    this.#interruptedAt = -Infinity;
    const canNotWait = line.type === "unknown" || (line.type === "command" && isImmediate(line.name));
    if (this.#turn !== undefined && !canNotWait) {
      this.#waiting.push(text);
      return "stay";
    }
    return await this.#obey(line, signal);
  }

  async #obey(line: PromptLine, signal: AbortSignal): Promise<"leave" | "stay"> {
    switch (line.type) {
      case "message":
        this.#turn = this.#startTurn(line.text, signal);
        return "stay";
      case "unknown":
        await this.#say(this.#options.speech.phrases.prompt.unknownCommand(line));
        return "stay";
      case "command":
        if (line.name === "quit") return "leave";
        await this.#orTell(this.#runCommand(line, signal));
        return "stay";
      default:
        return line satisfies never;
    }
  }

  /** What was foreseen is told and ends nothing. */
  async #orTell(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (!(error instanceof AppError) || isCancelled(error)) throw error;
      await this.#tell(this.#options.speech.formatProblem(explain(error)));
    }
  }

  async #runCommand(line: Extract<PromptLine, { type: "command" }>, signal: AbortSignal): Promise<void> {
    const { conversation, speech } = this.#options;
    const { phrases } = speech;
    switch (line.name) {
      case "new":
        await conversation.startNewSession();
        return await this.#say(phrases.prompt.newConversation);
      case "status":
        return await this.#tell(formatConversationStatus(await conversation.describe()));
      case "model": {
        const model =
          line.argument === ""
            ? (await conversation.describe()).model
            : await conversation.chooseModel(line.argument);
        return await this.#say(phrases.prompt.model({ model: sanitizeLine(model) }));
      }
      case "undo":
        await this.#showLooking();
        try {
          return await this.#undo.ask(line.argument, signal);
        } finally {
          await this.#options.prompt.setBusy(undefined);
        }
      case "stop":
        if (this.#turn === undefined) return await this.#say(phrases.prompt.nothingRuns);
        return await this.#stopTurn(this.#turn);
      case "help":
        return await this.#tell(formatSlashHelp(phrases));
      case "quit":
        return;
      default:
        line.name satisfies never;
    }
  }

  #startTurn(text: string, signal: AbortSignal): RunningTurn {
    const { conversation, view } = this.#options;
    const stop = new AbortController();
    const turnSignal = AbortSignal.any([signal, stop.signal]);
    const over = conversation
      .send(text, (event) => view.show(event), turnSignal)
      .then(
        (end): TurnOver => ({ type: "turn-over", outcome: { end } }),
        (error: unknown): TurnOver => ({ type: "turn-over", outcome: { error } }),
      );
    return { stop, over };
  }

  async #stopTurn(turn: RunningTurn): Promise<void> {
    const { phrases } = this.#options.speech;
    const count = this.#waiting.length;
    this.#waiting = [];
    if (count > 0) await this.#say(phrases.prompt.dropped({ count }));
    await this.#options.prompt.setBusy(this.#options.style.dim(phrases.prompt.stopping));
    turn.stop.abort(cancelled());
  }

  async #finishTurn({ outcome }: TurnOver, signal: AbortSignal): Promise<void> {
    const { view, speech } = this.#options;
    this.#turn = undefined;
    if ("end" in outcome) {
      await view.show(outcome.end);
      if (outcome.end.reason === "aborted") await this.#say(speech.phrases.prompt.stopped);
      if (outcome.end.error !== undefined) await this.#tell(speech.formatProblem(outcome.end.error));
    } else if (!isCancelled(outcome.error)) {
      await this.#tell(speech.formatProblem(explain(outcome.error)));
    }
    signal.throwIfAborted();
    await this.#takeWaiting(signal);
  }

  async #takeWaiting(signal: AbortSignal): Promise<void> {
    while (this.#turn === undefined && !this.#undo.isAsking) {
      const text = this.#waiting.shift();
      if (text === undefined) break;
      await this.#obey(parsePromptLine(text), signal);
    }
    if (this.#turn === undefined) await this.#options.prompt.setBusy(undefined);
  }

  /** Whatever is no answer is a no, and is still what the person entered. */
  async #answer(text: string, signal: AbortSignal): Promise<"leave" | "stay"> {
    const answer = parseAnswer(text);
    await this.#orTell(answer === "yes" ? this.#restore(signal) : this.#undo.decline());
    if (answer === undefined) return await this.#enter(text, signal);
    await this.#takeWaiting(signal);
    return "stay";
  }

  async #restore(signal: AbortSignal): Promise<void> {
    await this.#showLooking();
    await this.#undo.accept(signal);
  }

  async #showLooking(): Promise<void> {
    const { prompt, speech, style } = this.#options;
    await prompt.setBusy(style.dim(speech.phrases.undo.looking));
  }

  async #say(sentence: string): Promise<void> {
    await this.#tell(`${this.#options.style.dim(sentence)}\n`);
  }

  async #tell(text: string): Promise<void> {
    await this.#options.prompt.endLine();
    await this.#options.prompt.write(text);
  }
}

/** Works while a turn runs; everything else waits for its end. */
function isImmediate(name: string): boolean {
  return name === "stop" || name === "status" || name === "help" || name === "quit";
}

function cancelled(): AppError {
  return new AppError("cancelled", "Stopped.");
}

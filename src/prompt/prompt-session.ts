import type { AgentEvent, Emit } from "../agent/events.ts";
import type { LinePurpose, Prompt, PromptEvent } from "../channels/terminal/prompt.ts";
import { sanitizeText } from "../channels/terminal/sanitize.ts";
import type { Clock } from "../clock.ts";
import { AppError, explain, isCancelled } from "../errors.ts";
import type {
  Conversation,
  ConversationPlace,
  PersonMessage,
  SendOptions,
  TurnEnd,
} from "../turns/conversation.ts";
import type { Saying } from "../words/define-words.ts";
import type { Phrases } from "../words/english/phrases.ts";
import { promptWords } from "../words/english/prompt.ts";
import { askAboutRequest } from "./approve-command.ts";
import { attachFiles } from "./attach-files.ts";
import type { PromptLine } from "./parse-line.ts";
import type { ModelName } from "../slash/chat-desk.ts";
import type { SlashCommand, SlashContext } from "./slash-command.ts";
import { WaitingLines, type EnteredLine } from "./waiting-lines.ts";

export interface PromptSessionOptions {
  readonly conversation: Conversation;
  readonly prompt: Prompt;
  readonly view: PromptView;
  readonly style: { dim(text: string): string };
  readonly speech: Speech;
  readonly clock: Clock;
  readonly commands: readonly SlashCommand[];
  /** Where the person stands, and their home. */
  readonly folder: string;
  readonly home: string;
  readonly models: () => Promise<readonly ModelName[]>;
  /** The first screen; it has the terminal to itself. */
  readonly logIn: (signal: AbortSignal) => Promise<string>;
}

/** Where a turn is shown. */
export interface PromptView {
  show(event: AgentEvent): Promise<void>;
  /** When something ended without saying so. */
  stop?(): Promise<void>;
  /** The whole result of the last call, or of the one with this number. Sanitised. */
  unfold?(number: string): string;
}

/** What is said to the person, in his language. */
export interface Speech {
  readonly phrases: Phrases;
  /** As wide as the terminal is; lines that have ended only. */
  wrap(text: string): string;
  formatProblem(problem: Saying): string;
}

/** A second Ctrl-C within this time leaves. */
const leaveWithinMs = 2000;

/** What runs: a turn, or a command that takes its time. */
interface Activity {
  readonly stop: AbortController;
  readonly over: Promise<ActivityOver>;
  readonly isTurn: boolean;
}

interface ActivityOver {
  readonly type: "over";
  readonly failure?: { readonly error: unknown };
}

/**
 * Lines in, turns out. One thing runs at a time. A message that is entered during a turn joins it at its next step;
 * everything else waits for its end, but for the commands that cannot.
 */
export class PromptSession {
  readonly #options: PromptSessionOptions;
  readonly #context: SlashContext;
  readonly #waiting: WaitingLines;
  #activity: Activity | undefined;
  #question: PromiseWithResolvers<string> | undefined;
  /** As it was typed, before files were attached. */
  #lastTyped = "";
  #interruptedAt = -Infinity;
  #isLeaving = false;
  #hasLeft = false;

  constructor(options: PromptSessionOptions) {
    this.#options = options;
    this.#context = this.#createContext();
    this.#waiting = new WaitingLines(options.commands);
    options.conversation.onMove?.((place) => void this.#tellMove(place));
  }

  get #phrases(): Phrases["prompt"] {
    return this.#options.speech.phrases.prompt;
  }

  /** Ends when the person leaves; rejects with `signal.reason`. Nothing is left running either way. */
  async run(signal: AbortSignal): Promise<void> {
    const { prompt } = this.#options;
    try {
      let entered = prompt.next(signal);
      while (!this.#hasLeft) {
        const event = await (this.#activity === undefined
          ? entered
          : Promise.race([this.#activity.over, entered]));
        if (event.type === "over") {
          await this.#finish(event, signal);
          if (this.#isLeaving && this.#activity === undefined) return;
          continue;
        }
        await this.#receive(event, signal);
        if (!this.#hasLeft) entered = prompt.next(signal);
      }
    } finally {
      this.#activity?.stop.abort(cancelled());
      await this.#activity?.over;
    }
  }

  async #receive(event: PromptEvent, signal: AbortSignal): Promise<void> {
    switch (event.type) {
      case "end":
        // What was asked before is still answered; Ctrl-C cuts it short.
        this.#isLeaving = true;
        this.#question?.reject(cancelled());
        this.#hasLeft = this.#activity === undefined;
        return;
      case "interrupt":
        return await this.#interrupt();
      case "line":
        return await this.#enter(event, signal);
      default:
        return event satisfies never;
    }
  }

  async #interrupt(): Promise<void> {
    const now = this.#options.clock.monotonic();
    const isSecond = now - this.#interruptedAt < leaveWithinMs;
    this.#interruptedAt = now;
    if (isSecond) this.#hasLeft = true;
    else if (!(await this.#stop())) await this.#say(this.#phrases.leaveAgain);
  }

  async #enter(entered: EnteredLine, signal: AbortSignal): Promise<void> {
    this.#interruptedAt = -Infinity;
    if (this.#question !== undefined) return this.#question.resolve(entered.text);
    const line = this.#waiting.parse(entered);
    const canNotWait =
      line.type === "unknown" || (line.type === "command" && line.command.isImmediate === true);
    if (this.#activity === undefined || canNotWait) return await this.#obey(line, entered.purpose, signal);
    const joins = this.#waiting.add(entered) && this.#activity.isTurn;
    if (joins) await this.#say(this.#phrases.goesAlong);
  }

  async #obey(line: PromptLine, purpose: LinePurpose, signal: AbortSignal): Promise<void> {
    switch (line.type) {
      case "message":
        return await this.#begin((stop) => this.#sendTyped(line.text, purpose, stop), true, signal);
      case "shell":
        return await this.#begin((stop) => this.#runShell(line.command, stop), false, signal);
      case "unknown":
        return await this.#say(this.#phrases.unknownCommand(line));
      case "command": {
        const { command, argument } = line;
        const run = (stop: AbortSignal): Promise<void> => command.run(this.#context, argument, stop);
        if (command.isImmediate !== true) return await this.#begin(run, false, signal);
        try {
          return await run(signal);
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          return await this.#tellProblem(error);
        }
      }
      default:
        return line satisfies never;
    }
  }

  async #begin(
    work: (signal: AbortSignal) => Promise<void>,
    isTurn: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const stop = new AbortController();
    await this.#options.prompt.setBusy("");
    const over = work(AbortSignal.any([signal, stop.signal])).then(
      (): ActivityOver => ({ type: "over" }),
      (error: unknown): ActivityOver => ({ type: "over", failure: { error } }),
    );
    this.#activity = { stop, over, isTurn };
  }

  async #finish({ failure }: ActivityOver, signal: AbortSignal): Promise<void> {
    const { prompt, view } = this.#options;
    const wasStopped = this.#activity?.stop.signal.aborted === true;
    this.#activity = undefined;
    this.#question = undefined;
    if (failure !== undefined) {
      await view.stop?.();
      if (!isCancelled(failure.error)) await this.#tellProblem(failure.error);
      else if (wasStopped) await this.#say(this.#phrases.stopped);
    }
    signal.throwIfAborted();
    while (this.#activity === undefined && !this.#hasLeft) {
      const entered = this.#waiting.take();
      if (entered === undefined) return await prompt.setBusy(undefined);
      await this.#obey(this.#waiting.parse(entered), entered.purpose, signal);
    }
  }

  /** Whether the person sees it or not, it goes on. */
  async #tellMove(place: ConversationPlace): Promise<void> {
    if (!this.#hasLeft) await this.#say(this.#phrases.moved[place]).catch(() => {});
  }

  /** False when there is nothing to stop. */
  async #stop(): Promise<boolean> {
    if (this.#activity === undefined) return false;
    const dropped = this.#waiting.drop();
    if (dropped > 0) await this.#say(this.#phrases.dropped({ count: dropped }));
    await this.#options.prompt.setBusy(this.#options.style.dim(this.#phrases.stopping));
    this.#question?.reject(cancelled());
    this.#activity.stop.abort(cancelled());
    return true;
  }

  async #sendTyped(text: string, purpose: LinePurpose, signal: AbortSignal): Promise<void> {
    const { conversation, prompt } = this.#options;
    let message: PersonMessage;
    try {
      message = await this.#attach(text, signal);
    } catch (error) {
      // It was not sent: it can be put right.
      if (!signal.aborted) prompt.prefill?.(text, purpose);
      throw error;
    }
    this.#lastTyped = text.trimEnd();
    const replacesLast = purpose === "edit" && (await conversation.past?.lastMessage()) !== undefined;
    await this.#send(message, { replacesLast }, signal);
  }

  async #send(message: PersonMessage, options: SendOptions, signal: AbortSignal): Promise<void> {
    const { conversation } = this.#options;
    const takeJoining = async (stop: AbortSignal): Promise<readonly PersonMessage[]> =>
      await this.#takeJoining(stop);
    await this.#showTurn(
      async (emit) => await conversation.send(message, emit, signal, { ...options, takeJoining }),
      signal,
    );
  }

  /** Shows a turn to its end, then asks what of it waits for a yes. */
  async #showTurn(run: (emit: Emit) => Promise<TurnEnd | undefined>, signal: AbortSignal): Promise<void> {
    const { view } = this.#options;
    const waiting: number[] = [];
    const end = await run(async (event) => {
      if (event.type === "approval-wait") waiting.push(event.approval);
      await view.show(event);
    });
    if (end === undefined) return;
    await view.show(end);
    if (end.reason === "aborted") await this.#say(this.#phrases.stopped);
    if (end.error !== undefined) await this.#tell(this.#options.speech.formatProblem(end.error));
    for (const id of waiting) if (!signal.aborted) await askAboutRequest(this.#context, id, signal);
  }

  async #takeJoining(signal: AbortSignal): Promise<readonly PersonMessage[]> {
    const messages: PersonMessage[] = [];
    for (;;) {
      const text = this.#waiting.takeMessage();
      if (text === undefined) return messages;
      try {
        messages.push(await this.#attach(text, signal));
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        await this.#tellProblem(error);
      }
    }
  }

  async #attach(text: string, signal: AbortSignal): Promise<PersonMessage> {
    const { conversation, speech } = this.#options;
    const message = await attachFiles(text, conversation.hands?.files, speech.phrases, signal);
    for (const note of message.notes) await this.#say(sanitizeText(note));
    return message;
  }

  async #runShell(command: string, signal: AbortSignal): Promise<void> {
    const { conversation, view } = this.#options;
    if (conversation.hands === undefined) throw new AppError("usage", promptWords.notHere({ command: "!" }));
    const { content } = await conversation.hands.run(
      command,
      (event) => view.show(withoutExcerpt(event)),
      signal,
    );
    await view.stop?.();
    if (signal.aborted) return await this.#say(this.#phrases.stopped);
    await this.#tell(`${sanitizeText(content)}\n`);
  }

  #createContext(): SlashContext {
    const { conversation, prompt, style, folder, home, models, logIn, speech } = this.#options;
    return {
      conversation,
      folder,
      home,
      models,
      phrases: speech.phrases,
      columns: () => prompt.columns(),
      say: (sentence) => this.#say(sentence),
      tell: (text) => this.#tell(speech.wrap(text)),
      show: (text) => this.#tell(text),
      unfold: (number) => this.#options.view.unfold?.(number),
      showBusy: (text) => prompt.setBusy(style.dim(text)),
      ask: (question, signal) => this.#ask(question, signal),
      send: (message, options, signal) => this.#send(message, options, signal),
      carryOut: async (signal) =>
        await this.#showTurn(async (emit) => await conversation.approvals?.carryOut(emit, signal), signal),
      edit: (text) => {
        prompt.prefill?.(text.startsWith(this.#lastTyped) ? this.#lastTyped || text : text, "edit");
        return prompt.prefill !== undefined;
      },
      stop: () => this.#stop(),
      leave: () => {
        this.#hasLeft = true;
      },
      logIn: async (signal) => {
        if (prompt.lend !== undefined) return await prompt.lend(() => logIn(signal));
        throw new AppError("usage", promptWords.cannotLogIn());
      },
    };
  }

  async #ask(question: string, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    const asked = Promise.withResolvers<string>();
    this.#question = asked;
    const { prompt } = this.#options;
    prompt.setQuestion(question);
    await prompt.setBusy(undefined);
    try {
      return await asked.promise;
    } finally {
      this.#question = undefined;
      prompt.setQuestion(undefined);
      await this.#options.prompt.setBusy("");
    }
  }

  async #say(sentence: string): Promise<void> {
    const { style, speech } = this.#options;
    await this.#tell(`${style.dim(speech.wrap(`${sentence}\n`).trimEnd())}\n`);
  }

  async #tellProblem(error: unknown): Promise<void> {
    await this.#tell(this.#options.speech.formatProblem(explain(error)));
  }

  async #tell(text: string): Promise<void> {
    await this.#options.prompt.endLine();
    await this.#options.prompt.write(text);
  }
}

/** The whole output follows: there is no need for a part of it where the command failed. */
function withoutExcerpt(event: AgentEvent): AgentEvent {
  return event.type === "tool-end" ? { ...event, message: { ...event.message, isError: false } } : event;
}

function cancelled(): AppError {
  return new AppError("cancelled", "Stopped.");
}

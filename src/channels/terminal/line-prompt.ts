/* oxlint-disable no-restricted-properties -- loaded for a person at a terminal only, who does not notice 6 ms */
import type { PromptAids } from "./completion.ts";
import { EventQueue } from "./event-queue.ts";
import type { PromptHistory } from "./history.ts";
import type { KeyEvent } from "./keys.ts";
import { LineEditor, type EditorOutcome, type EditorView } from "./line-editor.ts";
import type { LinePurpose, Prompt, PromptEvent } from "./prompt.ts";
import { formatChoice, formatHint, type HintStyle } from "./prompt-hint.ts";
import { PromptScreen, type BottomLine, type ScreenSize } from "./prompt-screen.ts";
import { RawInput } from "./raw-input.ts";
import { sanitizeText } from "./sanitize.ts";
import type { Phrases } from "../../words/english/phrases.ts";
import { toShownEntry, toWindow } from "./text-window.ts";

export interface LinePromptOptions {
  /** `you> `, `claw> `; may carry colours. */
  readonly label: string;
  /** The same while the last message is being changed. */
  readonly editLabel: string;
  readonly history: PromptHistory;
  readonly aids: PromptAids;
  readonly style: HintStyle;
  readonly words: Phrases["editor"];
  readonly write: (text: string) => Promise<void>;
}

/** A person does not notice a key that is answered within this time. */
const frameMs = 16;

/** The prompt with a line editor: history, several lines, output that streams above while a person types. */
export class LinePrompt implements Prompt {
  readonly #options: LinePromptOptions;
  readonly #events = new EventQueue<PromptEvent>();
  readonly #editor: LineEditor;
  readonly #screen = new PromptScreen(readSize);
  readonly #redraw = (): void => this.#show();
  #input: RawInput | undefined;
  #status: string | undefined;
  #purpose: LinePurpose = "message";
  #question: string | undefined;
  #isLent = false;
  #isStale = false;
  #lookedAt = -Infinity;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: LinePromptOptions) {
    this.#options = options;
    this.#editor = new LineEditor({ ...options, onChange: this.#redraw });
    this.#input = this.#openInput();
    process.stdout.on("resize", this.#redraw);
    this.#show();
  }

  async next(signal: AbortSignal): Promise<PromptEvent> {
    return await this.#events.next(signal);
  }

  async write(text: string, open: readonly string[] = []): Promise<void> {
    this.#put(this.#screen.write(text, open));
    await this.#writing;
    await this.#lookAtKeyboard();
  }

  async endLine(): Promise<void> {
    this.#put(this.#screen.endLine());
    await this.#writing;
  }

  async setBusy(status: string | undefined): Promise<void> {
    this.#status = status;
    this.#show();
    await this.#writing;
  }

  setQuestion(question: string | undefined): void {
    this.#question = question;
  }

  columns(): number {
    return readSize().columns;
  }

  prefill(text: string, purpose: LinePurpose): void {
    this.#purpose = purpose;
    this.#editor.prefill(text);
    this.#show();
  }

  async lend<T>(work: () => Promise<T>): Promise<T> {
    this.#isLent = true;
    this.#put(this.#screen.endLine() + this.#screen.setBottom(undefined));
    this.#input?.[Symbol.dispose]();
    await this.#writing;
    try {
      return await work();
    } finally {
      this.#input = this.#openInput();
      this.#isLent = false;
      this.#show();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.stdout.off("resize", this.#redraw);
    this.#isLent = true;
    this.#put(this.#screen.setBottom(undefined));
    this.#input?.[Symbol.dispose]();
    await this.#writing;
    await this.#options.history.saved();
  }

  #openInput(): RawInput {
    return new RawInput(
      (event) => this.#receive(event),
      () => this.#end(),
      this.#redraw,
    );
  }

  #receive(event: KeyEvent): void {
    const outcome = this.#editor.receive(event);
    if (outcome !== undefined) this.#obey(outcome);
    if (event.type === "key" && event.name === "cancel") this.#purpose = "message";
    this.#showSoon();
  }

  #obey(outcome: EditorOutcome): void {
    switch (outcome.type) {
      case "entered":
        return this.#enter(outcome.text);
      case "interrupt":
        // While nothing runs, the first thing that Ctrl-C throws away is what was being written.
        this.#purpose = "message";
        if (!outcome.hadText || this.#status !== undefined) this.#events.push({ type: "interrupt" });
        return;
      case "end":
        return this.#end();
      case "clear-screen":
        return this.#put(this.#screen.clear());
      case "suspend":
        return void this.#suspend();
      default:
        return outcome satisfies never;
    }
  }

  #enter(text: string): void {
    const purpose = this.#purpose;
    const label = this.#label();
    this.#purpose = "message";
    this.#put(
      this.#screen.setBottom({
        label,
        text: sanitizeText(toShownEntry(text, this.#options.words)),
        cursor: 0,
      }),
    );
    this.#put(this.#screen.commitBottom());
    // A yes is nothing that anybody looks for later.
    if (this.#question === undefined) this.#options.history.add(text);
    this.#events.push({ type: "line", text, purpose });
  }

  #end(): void {
    this.#events.push({ type: "end" });
  }

  async #suspend(): Promise<void> {
    this.#put(this.#screen.setBottom(undefined));
    await this.#writing;
    this.#input?.suspend();
    this.#show();
  }

  /** Keys that come together are drawn together: a paste without marks, a key held down. */
  #showSoon(): void {
    if (this.#isStale) return;
    this.#isStale = true;
    queueMicrotask(() => {
      if (this.#isStale) this.#show();
    });
  }

  #show(): void {
    this.#isStale = false;
    if (this.#isLent) return;
    const { view } = this.#editor;
    if (this.#status === undefined || view.text !== "" || view.searching !== undefined) {
      return this.#put(this.#screen.setBottom(this.#toBottomLine(view)));
    }
    const status = this.#status === "" ? undefined : { label: this.#status, text: "", cursor: 0 };
    this.#put(this.#screen.setBottom(status));
  }

  #toBottomLine(view: EditorView): BottomLine {
    const { before, after, isCut } = toWindow(view.text, view.cursor);
    const shown = sanitizeText(before);
    const label = view.searching === undefined ? this.#label() : this.#toSearchLabel(view.searching);
    const hint = this.#toHint(view);
    return {
      label: isCut ? "" : label,
      text: shown + sanitizeText(after),
      cursor: shown.length,
      ...(hint === undefined ? {} : { hint }),
    };
  }

  #toSearchLabel({ words, isLost }: NonNullable<EditorView["searching"]>): string {
    const { style, words: own } = this.#options;
    return style.dim(`${isLost ? own.notFound : own.search} ${JSON.stringify(sanitizeText(words))}: `);
  }

  #toHint({ hint, choice }: EditorView): string | undefined {
    const { style } = this.#options;
    if (choice !== undefined) return formatChoice(choice, this.columns(), style);
    return hint === undefined ? undefined : formatHint(hint, this.columns(), style);
  }

  #label(): string {
    if (this.#question !== undefined) return `${this.#options.style.bold(this.#question)} `;
    return this.#purpose === "edit" ? this.#options.editLabel : this.#options.label;
  }

  /** Output that comes without a pause would keep the keys waiting. */
  async #lookAtKeyboard(): Promise<void> {
    const now = performance.now();
    if (now - this.#lookedAt < frameMs) return;
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    this.#lookedAt = performance.now();
  }

  #put(bytes: string): void {
    if (bytes !== "") this.#writing = this.#writeAfter(this.#writing, bytes);
  }

  /** In order, one after the other. A terminal that went away ends the input, and that ends the prompt. */
  async #writeAfter(before: Promise<void>, bytes: string): Promise<void> {
    await before;
    try {
      await this.#options.write(bytes);
    } catch {
      this.#end();
    }
  }
}

function readSize(): ScreenSize {
  const { columns, rows } = process.stdout;
  return { columns: columns > 0 ? columns : 80, rows: rows > 0 ? rows : 24 };
}

/* oxlint-disable no-restricted-properties -- loaded for a person at a terminal only, who does not notice 6 ms */
import { EventQueue } from "./event-queue.ts";
import type { PromptHistory } from "./history.ts";
import type { KeyEvent, KeyName } from "./keys.ts";
import { LineBuffer } from "./line-buffer.ts";
import type { Prompt, PromptEvent } from "./prompt.ts";
import { PromptScreen, type ScreenSize } from "./prompt-screen.ts";
import { RawInput } from "./raw-input.ts";
import { sanitizeText } from "./sanitize.ts";

export interface LinePromptOptions {
  /** `you> `, `claw> `; may carry colours. */
  readonly label: string;
  readonly history: PromptHistory;
  readonly write: (text: string) => Promise<void>;
}

/** The prompt with a line editor: history, several lines, output that streams above while a person types. */
export class LinePrompt implements Prompt {
  readonly #options: LinePromptOptions;
  readonly #events = new EventQueue<PromptEvent>();
  readonly #buffer = new LineBuffer();
  readonly #screen = new PromptScreen(readSize);
  readonly #input: RawInput;
  readonly #redraw = (): void => this.#show();
  #status: string | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: LinePromptOptions) {
    this.#options = options;
    this.#input = new RawInput(
      (event) => this.#receive(event),
      () => this.#end(),
      this.#redraw,
    );
    process.stdout.on("resize", this.#redraw);
    this.#show();
  }

  async next(signal: AbortSignal): Promise<PromptEvent> {
    return await this.#events.next(signal);
  }

  async write(text: string, open: readonly string[] = []): Promise<void> {
    this.#put(this.#screen.write(text, open));
    await this.#writing;
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

  columns(): number {
    return readSize().columns;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.stdout.off("resize", this.#redraw);
    this.#put(this.#screen.setBottom(undefined));
    this.#input[Symbol.dispose]();
    await this.#writing;
    await this.#options.history.saved();
  }

  #receive(event: KeyEvent): void {
    if (event.type !== "key") {
      this.#buffer.insert(event.text);
    } else if (!this.#buffer.press(event.name)) {
      this.#press(event.name);
    }
    this.#show();
  }

  #press(name: KeyName): void {
    switch (name) {
      case "enter":
        return this.#enter();
      case "up":
        return this.#recall(this.#options.history.older(this.#buffer.text));
      case "down":
        return this.#recall(this.#options.history.newer());
      case "interrupt":
        return this.#interrupt();
      case "cancel":
        return this.#buffer.replace("");
      case "end-of-input":
        if (this.#buffer.text === "") return this.#end();
        this.#buffer.press("delete");
        return;
      case "clear-screen":
        return this.#put(this.#screen.clear());
      case "suspend":
        return void this.#suspend();
      default:
        return;
    }
  }

  /** While nothing runs, the first thing that Ctrl-C throws away is what was being written. */
  #interrupt(): void {
    const hadText = this.#buffer.text !== "";
    this.#buffer.replace("");
    if (!hadText || this.#status !== undefined) this.#events.push({ type: "interrupt" });
  }

  /** A backslash at the end of the line asks for another line. */
  #enter(): void {
    const { text, cursor } = this.#buffer;
    if (cursor === text.length && text.endsWith("\\")) {
      this.#buffer.press("backspace");
      this.#buffer.press("newline");
      return;
    }
    this.#buffer.replace("");
    if (text.trim() === "") return;
    this.#put(this.#screen.setBottom(this.#toPromptLine(text, 0)));
    this.#put(this.#screen.commitBottom());
    this.#options.history.add(text);
    this.#events.push({ type: "line", text });
  }

  #recall(text: string | undefined): void {
    if (text !== undefined) this.#buffer.replace(text);
  }

  #end(): void {
    this.#events.push({ type: "end" });
  }

  async #suspend(): Promise<void> {
    this.#put(this.#screen.setBottom(undefined));
    await this.#writing;
    this.#input.suspend();
    this.#show();
  }

  #show(): void {
    const { text, cursor } = this.#buffer;
    if (this.#status === undefined || text !== "") {
      return this.#put(this.#screen.setBottom(this.#toPromptLine(text, cursor)));
    }
    const status = this.#status === "" ? undefined : { label: this.#status, text: "", cursor: 0 };
    this.#put(this.#screen.setBottom(status));
  }

  #toPromptLine(text: string, cursor: number): { label: string; text: string; cursor: number } {
    const before = sanitizeText(text.slice(0, cursor));
    return {
      label: this.#options.label,
      text: before + sanitizeText(text.slice(cursor)),
      cursor: before.length,
    };
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

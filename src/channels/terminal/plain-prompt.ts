import { EventQueue } from "./event-queue.ts";
import type { Prompt, PromptEvent } from "./prompt.ts";

export interface PlainPromptOptions {
  readonly label: string;
  readonly input: ReadableStream<Uint8Array>;
  readonly write: (text: string) => Promise<void>;
  /** Where the prompt itself stands; the answers may go into a file. */
  readonly writeLabel: (text: string) => Promise<void>;
}

/** The prompt of a terminal that can do nothing (`TERM=dumb`, an editor's shell): lines in, text out. */
export class PlainPrompt implements Prompt {
  readonly #options: PlainPromptOptions;
  readonly #events = new EventQueue<PromptEvent>();
  readonly #cancel: () => Promise<void>;
  readonly #reading: Promise<void>;
  #isBusy = false;
  #question: string | undefined;
  #isAtLineStart = true;

  constructor(options: PlainPromptOptions) {
    this.#options = options;
    const reader = options.input.getReader();
    this.#cancel = () => reader.cancel();
    this.#reading = this.#read(async () => (await reader.read()).value);
  }

  async next(signal: AbortSignal): Promise<PromptEvent> {
    if (!this.#isBusy) await this.#writeLabel();
    return await this.#events.next(signal);
  }

  async write(text: string): Promise<void> {
    if (text !== "") this.#isAtLineStart = text.endsWith("\n");
    await this.#options.write(text);
  }

  async endLine(): Promise<void> {
    if (!this.#isAtLineStart) await this.write("\n");
  }

  async setBusy(status: string | undefined): Promise<void> {
    const wasBusy = this.#isBusy;
    this.#isBusy = status !== undefined;
    if (wasBusy && !this.#isBusy) await this.#writeLabel();
  }

  async #writeLabel(): Promise<void> {
    const { label, writeLabel } = this.#options;
    await writeLabel(this.#question === undefined ? label : `${this.#question} `);
  }

  setQuestion(question: string | undefined): void {
    this.#question = question;
  }

  columns(): number {
    return 80;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cancel();
    await this.#reading;
  }

  async #read(readChunk: () => Promise<Uint8Array | undefined>): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    try {
      for (;;) {
        const chunk = await readChunk();
        if (chunk === undefined) break;
        const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n/);
        rest = lines.pop() ?? "";
        for (const text of lines) this.#push(text);
      }
      this.#push(rest);
    } finally {
      this.#events.push({ type: "end" });
    }
  }

  #push(text: string): void {
    if (text.trim() !== "") this.#events.push({ type: "line", text, purpose: "message" });
  }
}

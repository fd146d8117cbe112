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
  readonly #reader: Pick<ReadableStreamDefaultReader<Uint8Array>, "read" | "cancel">;
  readonly #reading: Promise<void>;
  #isBusy = false;

  constructor(options: PlainPromptOptions) {
    this.#options = options;
    this.#reader = options.input.getReader();
    this.#reading = this.#read();
  }

  async next(signal: AbortSignal): Promise<PromptEvent> {
    if (!this.#isBusy) await this.#options.writeLabel(this.#options.label);
    return await this.#events.next(signal);
  }

  async write(text: string): Promise<void> {
    await this.#options.write(text);
  }

  async setBusy(status: string | undefined): Promise<void> {
    const wasBusy = this.#isBusy;
    this.#isBusy = status !== undefined;
    if (wasBusy && !this.#isBusy) await this.#options.writeLabel(this.#options.label);
  }

  columns(): number {
    return 80;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.cancel();
    await this.#reading;
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    try {
      for (;;) {
        const { done, value } = await this.#reader.read();
        if (done) break;
        const lines = (rest + decoder.decode(value, { stream: true })).split(/\r?\n/);
        rest = lines.pop() ?? "";
        for (const text of lines) this.#push(text);
      }
      this.#push(rest);
    } finally {
      this.#events.push({ type: "end" });
    }
  }

  #push(text: string): void {
    if (text.trim() !== "") this.#events.push({ type: "line", text });
  }
}

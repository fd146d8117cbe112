import type { Phrases } from "../words/english/phrases.ts";
import type { PreparedUndo, UndoService } from "./undo-service.ts";

export interface UndoDialogOptions {
  readonly open: () => Promise<UndoService>;
  readonly phrases: Phrases["undo"];
  /** A line or several, for the surface to make harmless: names of files are the assistant's. */
  readonly say: (text: string) => Promise<void>;
}

const mostShown = 12;

/** `/undo` where people write: what it would do, then a question that the next line answers. */
export class UndoDialog implements AsyncDisposable {
  readonly #options: UndoDialogOptions;
  #asked: PreparedUndo | undefined;

  constructor(options: UndoDialogOptions) {
    this.#options = options;
  }

  /** The next line is the answer. Until then no turn of the group runs. */
  get isAsking(): boolean {
    return this.#asked !== undefined;
  }

  /** `list`, a number of the list, a time, or nothing: the last turn that changed something. */
  async ask(argument: string, signal: AbortSignal): Promise<void> {
    const { open, phrases, say } = this.#options;
    const service = await open();
    const wish = argument.replace(/^--(?:to\s+)?/, "");
    if (wish === "list") {
      const lines = await service.list();
      return await say(lines.length === 0 ? phrases.nothing : lines.join("\n"));
    }
    const onWait = (pid: number): Promise<void> => say(phrases.waiting({ pid }));
    const undo = await service.prepare(wish === "" ? undefined : wish, onWait, signal);
    if (undo === undefined) return await say(phrases.nothing);
    this.#asked = undo;
    const shown = undo.changes.slice(0, mostShown).map((line) => `  ${line}`);
    const more = undo.changes.length > mostShown ? ["  …"] : [];
    await say([...shown, ...more, `${undo.summary}: ${phrases.question} [y/N]`].join("\n"));
  }

  async accept(signal: AbortSignal): Promise<void> {
    await using undo = this.#take();
    if (undo !== undefined) await this.#options.say(await undo.apply(signal));
  }

  async decline(): Promise<void> {
    await this[Symbol.asyncDispose]();
    await this.#options.say(this.#options.phrases.unchanged);
  }

  /** Without an answer nothing is changed. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#take()?.[Symbol.asyncDispose]();
  }

  #take(): PreparedUndo | undefined {
    const asked = this.#asked;
    this.#asked = undefined;
    return asked;
  }
}

/** Undefined: it is no answer at all. */
export function parseAnswer(text: string): "yes" | "no" | undefined {
  const word = text.trim().toLowerCase();
  if (["y", "yes", "是"].includes(word)) return "yes";
  return ["n", "no", "否"].includes(word) ? "no" : undefined;
}

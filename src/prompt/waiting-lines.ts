import type { LinePurpose } from "../channels/terminal/prompt.ts";
import { parsePromptLine, type PromptLine } from "./parse-line.ts";
import type { SlashCommand } from "./slash-command.ts";

export interface EnteredLine {
  readonly text: string;
  readonly purpose: LinePurpose;
}

/** What was entered while something ran, in its order. */
export class WaitingLines {
  readonly #commands: readonly SlashCommand[];
  #lines: EnteredLine[] = [];

  constructor(commands: readonly SlashCommand[]) {
    this.#commands = commands;
  }

  /** Text that was opened for a change is a message, whatever it begins with. */
  parse({ text, purpose }: EnteredLine): PromptLine {
    return purpose === "edit" ? { type: "message", text } : parsePromptLine(text, this.#commands);
  }

  /** Whether it and all before it are messages: a command lets nothing pass it. */
  add(line: EnteredLine): boolean {
    this.#lines.push(line);
    return this.#lines.every((each) => this.#isMessage(each));
  }

  take(): EnteredLine | undefined {
    return this.#lines.shift();
  }

  takeMessage(): string | undefined {
    const [first] = this.#lines;
    if (first === undefined || !this.#isMessage(first)) return undefined;
    this.#lines.shift();
    return first.text;
  }

  /** Returns how many there were. */
  drop(): number {
    const { length } = this.#lines;
    this.#lines = [];
    return length;
  }

  #isMessage(line: EnteredLine): boolean {
    return line.purpose === "message" && this.parse(line).type === "message";
  }
}

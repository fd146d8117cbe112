import { AppError } from "../errors.ts";
import type { Phrases } from "../words/english/phrases.ts";

/** A person at a keyboard: bytes as they are typed, unseen until we show them. */
export interface Keyboard extends AsyncDisposable {
  /** The next bytes; nothing at the end of input. Rejects with `signal.reason` when it aborts. */
  read(signal: AbortSignal): Promise<Uint8Array | undefined>;
}

export interface PromptOptions {
  readonly keyboard: Keyboard;
  readonly write: (text: string) => Promise<void>;
  readonly phrases: Phrases["login"];
}

/** Asks questions. Ctrl-C, Ctrl-D and the end of input throw `AppError("cancelled")`. */
export interface Prompt {
  /** Returns the index of the chosen line. Enter takes the first. */
  choose(question: string, choices: readonly string[], signal: AbortSignal): Promise<number>;
  line(question: string, signal: AbortSignal): Promise<string>;
  /** Shows one star a character. */
  secret(question: string, signal: AbortSignal): Promise<string>;
  /** Never returns by itself: throws as soon as the person wants to leave. Other keys are dropped. */
  waitForCancel(signal: AbortSignal): Promise<never>;
}

export function createPrompt({ keyboard, write, phrases }: PromptOptions): Prompt {
  const reader = createLineReader(keyboard, write, phrases.nothingChanged);
  const prompt: Prompt = {
    async choose(question, choices, signal) {
      const list = choices.map((choice, index) => `  ${index + 1}  ${choice}\n`).join("");
      await write(`${question}\n\n${list}\n`);
      for (;;) {
        const answer = await prompt.line(phrases.choose({ count: choices.length }), signal);
        const number = answer === "" ? 1 : Number(answer);
        if (Number.isInteger(number) && number >= 1 && number <= choices.length) return number - 1;
        await write(`${phrases.typeNumber({ count: choices.length })}\n`);
      }
    },
    async line(question, signal) {
      await write(question);
      return reader((text) => text, signal);
    },
    async secret(question, signal) {
      await write(question);
      return reader((text) => (text === "\n" ? text : "*"), signal);
    },
    async waitForCancel(signal) {
      for (;;) await reader(() => "", signal);
    },
  };
  return prompt;
}

type ReadLine = (toEcho: (text: string) => string, signal: AbortSignal) => Promise<string>;

/** Arrow keys and the like: they have no meaning in one short line. */
const escapeSequence = /\u001B(?:\[[0-?]*[ -/]*[@-~]|O.|.)?/gs;

function createLineReader(
  keyboard: Keyboard,
  write: (text: string) => Promise<void>,
  farewell: string,
): ReadLine {
  const decoder = new TextDecoder();
  let waiting = "";
  return async (toEcho, signal) => {
    let line = "";
    for (;;) {
      while (waiting === "") {
        const bytes = await keyboard.read(signal);
        if (bytes === undefined) throw await leave(write, farewell);
        waiting = decoder.decode(bytes, { stream: true }).replace(escapeSequence, "");
      }
      const character = String.fromCodePoint(waiting.codePointAt(0) ?? 0);
      waiting = waiting.slice(character.length);
      switch (character) {
        case "\r":
        case "\n":
          if (character === "\r" && waiting.startsWith("\n")) waiting = waiting.slice(1);
          await write(toEcho("\n"));
          return line.trim();
        case "\u0003":
        case "\u0004":
          throw await leave(write, farewell);
        case "\u007F":
        case "\b": {
          const shorter = Array.from(line).slice(0, -1).join("");
          if (shorter !== line) await write("\b \b");
          line = shorter;
          break;
        }
        case "\u0015":
          await write("\b \b".repeat(Array.from(line).length));
          line = "";
          break;
        default:
          if (character < " ") break;
          line += character;
          await write(toEcho(character));
      }
    }
  };
}

async function leave(write: (text: string) => Promise<void>, farewell: string): Promise<AppError> {
  await write("\n");
  return new AppError("cancelled", farewell);
}

import { AppError } from "../../errors.ts";
import { EventQueue } from "./event-queue.ts";
import type { KeyEvent } from "./keys.ts";
import { RawInput } from "./raw-input.ts";
import { sanitizeLine } from "./sanitize.ts";
import type { Phrases } from "../../words/english/phrases.ts";

export interface AskOutput {
  readonly write: (text: string) => Promise<void>;
}

/**
 * Asks with one key whether the assistant may see a folder. Anything but a clear yes is no. Ctrl-C rejects as
 * cancelled. For terminals only: the caller has checked that standard input is one.
 */
export async function askAboutFolder(
  path: string,
  words: Phrases["folder"],
  output: AskOutput,
  signal: AbortSignal,
): Promise<"read" | "write" | "none"> {
  const answers = new EventQueue<Answer>();
  using _input = new RawInput(
    (event) => {
      const answer = toAnswer(event);
      if (answer !== undefined) answers.push(answer);
    },
    () => answers.push("none"),
  );
  await output.write(`${words.question} ${sanitizeLine(path)}\r\n${words.choices} `);
  const answer = await answers.next(signal);
  await output.write(`${answer === "cancel" ? "" : words.answers[answer]}\r\n`);
  if (answer === "cancel") throw new AppError("cancelled", "The question was left unanswered.");
  return answer;
}

type Answer = "read" | "write" | "none" | "cancel";

/** Neither a paste nor several characters at once answer: they were typed before this question stood there. */
function toAnswer(event: KeyEvent): Answer | undefined {
  if (event.type === "paste") return undefined;
  if (event.type === "key") {
    if (event.name === "interrupt") return "cancel";
    return event.name === "enter" || event.name === "end-of-input" ? "none" : undefined;
  }
  switch (event.text.toLowerCase()) {
    case "r":
      return "read";
    case "w":
      return "write";
    case "n":
      return "none";
    default:
      return undefined;
  }
}

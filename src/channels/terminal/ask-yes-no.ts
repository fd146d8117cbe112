import { AppError } from "../../errors.ts";
import type { AskOutput } from "./ask.ts";
import { EventQueue } from "./event-queue.ts";
import type { KeyEvent } from "./keys.ts";
import { RawInput } from "./raw-input.ts";

/**
 * Asks with one key; anything but y is no. Ctrl-C rejects as cancelled. `question` is sanitised by the caller, who has
 * checked that standard input is a terminal.
 */
export async function askYesNo(question: string, output: AskOutput, signal: AbortSignal): Promise<boolean> {
  const answers = new EventQueue<Answer>();
  using _input = new RawInput(
    (event) => {
      const answer = toAnswer(event);
      if (answer !== undefined) answers.push(answer);
    },
    () => answers.push("no"),
  );
  await output.write(`${question.replaceAll("\n", "\r\n")} [y/N] `);
  const answer = await answers.next(signal);
  await output.write(`${answer === "cancel" ? "" : letters[answer]}\r\n`);
  if (answer === "cancel") throw new AppError("cancelled", "The question was left unanswered.");
  return answer === "yes";
}

type Answer = "yes" | "no" | "cancel";

const letters = { yes: "y", no: "n" } as const;

/** Neither a paste nor several characters at once answer: they were typed before this question stood there. */
function toAnswer(event: KeyEvent): Answer | undefined {
  if (event.type === "paste") return undefined;
  if (event.type === "key") {
    if (event.name === "interrupt") return "cancel";
    return event.name === "enter" || event.name === "end-of-input" ? "no" : undefined;
  }
  switch (event.text.toLowerCase()) {
    case "y":
      return "yes";
    case "n":
      return "no";
    default:
      return undefined;
  }
}

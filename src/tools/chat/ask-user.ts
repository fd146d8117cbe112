import { AppError } from "../../errors.ts";
import { defineTool } from "../schema.ts";
import type { Tool } from "../tool.ts";
import { toVisibleLine } from "../visible.ts";
import type { ChatHands } from "./chat-hands.ts";

const fewestOptions = 2;
const mostOptions = 8;
const longestQuestion = 500;
const longestOption = 60;

export function createAskUser(hands: ChatHands): Tool {
  return defineTool({
    name: "ask_user",
    description:
      "Ask in the chat you answer, with 2 to 8 options to choose from. What is chosen comes as the person's next message: end your turn after it.",
    input: {
      type: "object",
      properties: {
        question: { type: "string", minLength: 1, maxLength: longestQuestion },
        options: { type: "array", items: { type: "string", minLength: 1, maxLength: longestOption } },
      },
      required: ["question", "options"],
    },
    effect: "outside",
    action: "chat.say",
    title: ({ question }) => (typeof question === "string" ? `ask ${toVisibleLine(question, 80)}` : "ask"),
    async execute({ question, options }, { callId, signal }) {
      signal.throwIfAborted();
      const text = toVisibleLine(question, longestQuestion);
      const choices = options.map((option) => toVisibleLine(option, longestOption).trim());
      checkChoices(text, choices);
      const { place } = await hands.send(undefined, { type: "question", text, options: choices }, callId);
      return { content: `Asked in ${place}. End your turn: the answer comes as a message.` };
    },
  });
}

/** One line each, so that nothing below a question can be taken for words of ours. */
function checkChoices(text: string, choices: readonly string[]): void {
  if (choices.length < fewestOptions || choices.length > mostOptions) {
    throw new AppError(
      "usage",
      `options has ${choices.length}; it takes ${fewestOptions} to ${mostOptions}.`,
    );
  }
  const folded = choices.map((choice) => choice.normalize("NFKC").toLowerCase());
  if (folded.includes("") || new Set(folded).size < choices.length) {
    throw new AppError("usage", "Each option must say something that no other says.");
  }
  // The owner says yes to a card of ours, never to a question of the model's.
  if ([text, ...choices].some((words) => /\/\s*(?:approve|deny)/i.test(words.normalize("NFKC")))) {
    throw new AppError(
      "denied",
      "A question cannot ask for an approval: the owner is asked for those by the program.",
    );
  }
}

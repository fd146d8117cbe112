import { AppError } from "../../errors.ts";
import { defineTool } from "../schema.ts";
import type { Tool } from "../tool.ts";
import { toVisibleLine } from "../visible.ts";
import type { ChatHands } from "./chat-hands.ts";

const longestEmoji = 32;

export function createReact(hands: ChatHands): Tool {
  return defineTool({
    name: "react",
    description: "Put one emoji under the message you answer, or under another of the chat by its number.",
    input: {
      type: "object",
      properties: {
        emoji: { type: "string", minLength: 1, maxLength: longestEmoji },
        message: { type: "integer", minimum: 1 },
      },
      required: ["emoji"],
    },
    effect: "outside",
    action: "chat.say",
    title: ({ emoji }) => (typeof emoji === "string" ? `react ${toVisibleLine(emoji, 10)}` : "react"),
    async execute({ emoji, message }, { callId, signal }) {
      signal.throwIfAborted();
      if (!isEmoji(emoji))
        throw new AppError("usage", "emoji must be one emoji and nothing else, such as 👍.");
      await hands.react(emoji.trim(), message, callId);
      return { content: "Done." };
    },
  });
}

function isEmoji(text: string): boolean {
  const segments = [...new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text.trim())];
  return segments.length === 1 && /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u.test(text);
}

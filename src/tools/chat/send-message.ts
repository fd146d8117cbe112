import { AppError } from "../../errors.ts";
import { defineTool } from "../schema.ts";
import type { Tool } from "../tool.ts";
import { toVisibleLine } from "../visible.ts";
import type { ChatHands } from "./chat-hands.ts";
import { toInput, toSendQuestion } from "./send-question.ts";

export function createSendMessage(hands: ChatHands): Tool {
  return defineTool({
    name: "send_message",
    description:
      "Send a message now, before your answer. Without `to` it goes to the chat you answer. Your answer itself is sent by itself: do not repeat it here.",
    input: {
      type: "object",
      properties: { text: { type: "string", minLength: 1, maxLength: 20_000 }, to: toInput },
      required: ["text"],
    },
    effect: "outside",
    action: ({ to }) => toSendQuestion(hands, to),
    title: ({ to }) => (typeof to === "string" ? `message to ${toVisibleLine(to, 60)}` : "message"),
    async execute({ text, to }, { callId, signal }) {
      signal.throwIfAborted();
      if (text.trim() === "") throw new AppError("usage", "text is empty.");
      const words = { type: "text", text: text.toWellFormed() } as const;
      const { message, place } = await hands.send(to, words, callId);
      return { content: `Sent to ${place} as message ${message}.`, details: { message } };
    },
  });
}

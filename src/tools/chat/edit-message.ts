import { defineTool } from "../schema.ts";
import type { Tool } from "../tool.ts";
import type { ChatHands } from "./chat-hands.ts";

export function createEditMessage(hands: ChatHands): Tool {
  return defineTool({
    name: "edit_message",
    description:
      "Put other words in place of a message that you sent to this chat: the last one, or by its number.",
    input: {
      type: "object",
      properties: {
        text: { type: "string", minLength: 1, maxLength: 20_000 },
        message: { type: "integer", minimum: 1 },
      },
      required: ["text"],
    },
    effect: "outside",
    action: "chat.say",
    title: ({ message }) => (typeof message === "number" ? `edit message ${message}` : "edit message"),
    async execute({ text, message }, { callId, signal }) {
      signal.throwIfAborted();
      await hands.edit(text, message, callId);
      return { content: "Changed." };
    },
  });
}

import type { ToolQuestion } from "../tool.ts";
import type { ChatHands } from "./chat-hands.ts";

/** What is asked of `authorize()` before something is sent: to whoever is answered, or to somebody else. */
export async function toSendQuestion(hands: ChatHands, to: string | undefined): Promise<ToolQuestion> {
  const { isOrigin, group, chat } = await hands.find(to);
  // A title can be given to another chat; the number of one, and whose it is, cannot.
  return isOrigin ? { action: "chat.say" } : { action: "chat.say-elsewhere", group, bound: { chat, group } };
}

export const toInput = {
  type: "string",
  minLength: 1,
  maxLength: 200,
  description: "a chat's title or number, or a group's name",
} as const;

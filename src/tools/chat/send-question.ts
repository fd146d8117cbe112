import type { ToolQuestion } from "../tool.ts";
import type { ChatHands } from "./chat-hands.ts";

/** What is asked of `authorize()` before something is sent: to whoever is answered, or to somebody else. */
export async function toSendQuestion(hands: ChatHands, to: string | undefined): Promise<ToolQuestion> {
  const { isOrigin, group } = await hands.find(to);
  return isOrigin ? { action: "chat.say" } : { action: "chat.say-elsewhere", group };
}

export const toInput = {
  type: "string",
  minLength: 1,
  maxLength: 200,
  description: "a chat's title or number, or a group's name",
} as const;

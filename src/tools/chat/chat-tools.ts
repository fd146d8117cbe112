import type { Tool } from "../tool.ts";
import { createAskUser } from "./ask-user.ts";
import type { ChatHands } from "./chat-hands.ts";
import { createEditMessage } from "./edit-message.ts";
import { createReact } from "./react.ts";
import { createSendFile } from "./send-file.ts";
import { createSendMessage } from "./send-message.ts";

/** What every group's assistant does in chats, in an order that never changes: the prompt's cached prefix depends on it. */
export function createChatTools(hands: ChatHands): readonly Tool[] {
  return [
    createSendMessage(hands),
    createSendFile(hands),
    createAskUser(hands),
    createReact(hands),
    createEditMessage(hands),
  ];
}

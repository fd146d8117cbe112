import type { IncomingMessage } from "../channels/channel.ts";
import type { Reader } from "../store/database.ts";
import type { ChatId } from "../store/ids.ts";
import { findOpenQuestion } from "../store/questions.ts";
import { findReplyByKey } from "../store/replies.ts";

export type Answer =
  /** The option that it chose: our own words, whatever came with the press. */
  | { readonly type: "option"; readonly text: string; readonly reason: string }
  | { readonly type: "unknown-button" }
  /** With `isOpen` something else was asked, and is no longer once somebody goes on without an answer. */
  | { readonly type: "none"; readonly isOpen: boolean };

/**
 * Whether a message answers a question of ours in that chat, by its button, its number or its words. It is the message of
 * whoever sent it, with his rights: what it answers gives it none.
 */
export async function findAnswer(
  reader: Reader,
  chat: ChatId,
  { press, text }: Pick<IncomingMessage, "press" | "text">,
  now: number,
): Promise<Answer> {
  if (press !== undefined) {
    const reply = await findReplyByKey(reader, press.reply);
    const option =
      reply?.chat === chat && reply.extras?.type === "question"
        ? reply.extras.options[press.option]
        : undefined;
    if (option === undefined) return { type: "unknown-button" };
    return { type: "option", text: option, reason: "a button under a question was pressed" };
  }
  const question = await findOpenQuestion(reader, chat, now);
  if (question === undefined) return { type: "none", isOpen: false };
  const option = findOption(text, question.options);
  if (option === undefined) return { type: "none", isOpen: true };
  return { type: "option", text: option, reason: "it answers a question" };
}

function findOption(text: string, options: readonly string[]): string | undefined {
  const said = fold(text);
  const number = /^(\d{1,2})[.)]?$/.exec(said)?.[1];
  return number === undefined ? options.find((option) => fold(option) === said) : options[Number(number) - 1];
}

function fold(text: string): string {
  return text.normalize("NFKC").trim().toLowerCase();
}

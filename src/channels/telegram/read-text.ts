import type { Message, MessageEntity, UserFromGetMe } from "@grammyjs/types";

export interface ReadText {
  readonly text: string;
  /** The bot is named in it, or a command is for it. */
  readonly isMention: boolean;
}

/** The words of a message: links that only their words were shown of say where they lead, a command loses our name. */
export function readText(
  message: Pick<Message, "text" | "caption" | "entities" | "caption_entities">,
  me: UserFromGetMe,
): ReadText {
  const whole = message.text ?? message.caption ?? "";
  const entities = message.entities ?? message.caption_entities ?? [];
  const ours = `@${me.username}`.toLowerCase();
  let text = whole;
  let isMention = false;
  // From the end, so that the places before stay what they are.
  for (const entity of entities.toSorted((one, other) => other.offset - one.offset)) {
    const { offset, length } = entity;
    const words = whole.slice(offset, offset + length);
    const at = words.toLowerCase();
    isMention ||= isForUs(entity, at, ours, me.id);
    if (entity.type === "text_link" && entity.url !== words && entity.url !== `${words}/`) {
      text = `${text.slice(0, offset + length)} (${entity.url})${text.slice(offset + length)}`;
    }
    if (entity.type === "bot_command" && at.endsWith(ours)) {
      text = text.slice(0, offset + length - ours.length) + text.slice(offset + length);
    }
  }
  return { text, isMention };
}

function isForUs(entity: MessageEntity, words: string, ours: string, id: number): boolean {
  switch (entity.type) {
    case "mention":
      return words === ours;
    case "text_mention":
      return entity.user.id === id;
    case "bot_command":
      return words.endsWith(ours);
    default:
      return false;
  }
}

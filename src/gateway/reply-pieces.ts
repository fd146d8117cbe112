import type { Channel } from "../channels/channel.ts";
import { splitText } from "./split-text.ts";

export interface ReplyPiece {
  readonly text: string;
  readonly format?: string;
}

const defaultMostCharacters = 4000;

/** The replies that a text becomes in a chat: cut and formatted by its channel, or cut where it is too long. */
export function toPieces(text: string, channel: Channel | undefined): readonly ReplyPiece[] {
  if (channel?.format !== undefined) return channel.format.toPieces(text);
  const pieces = splitText(text, channel?.traits.maxCharacters ?? defaultMostCharacters);
  return pieces.map((piece) => ({ text: piece }));
}

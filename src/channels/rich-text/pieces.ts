import type { FormattedPiece, OutgoingReply } from "../channel.ts";
import type { Entity, Formatted } from "./entities.ts";
import { toFormatted } from "./format.ts";

/** Cuts a text into what fits one message of a platform. */
export type Cut = (whole: Formatted) => readonly Formatted[];

/** The messages that a text becomes, as they are kept until they are sent. An answer without words is seen as one. */
export function toStoredPieces(markdown: string, cut: Cut): readonly FormattedPiece[] {
  const pieces = cut(toFormatted(markdown));
  const seen = pieces.length === 0 ? [{ text: "…", entities: [] }] : pieces;
  return seen.map(({ text, entities }) => ({ text, format: JSON.stringify(entities) }));
}

/** The messages of a reply: as it was cut when it was written, letter by letter, or as Markdown. */
export function toReplyPieces(reply: OutgoingReply, cut: Cut): readonly Formatted[] {
  if (reply.isLiteral === true) return cut({ text: reply.text.toWellFormed(), entities: [] });
  return reply.format === undefined ? cut(toFormatted(reply.text)) : [readPiece(reply)];
}

/** A piece that was kept; without its format where that cannot be read. */
function readPiece({ text, format = "[]" }: OutgoingReply): Formatted {
  try {
    const entities: unknown = JSON.parse(format);
    return { text, entities: Array.isArray(entities) ? entities.filter(isEntity) : [] };
  } catch {
    return { text, entities: [] };
  }
}

function isEntity(value: unknown): value is Entity {
  return (
    typeof value === "object" && value !== null && "type" in value && "offset" in value && "length" in value
  );
}

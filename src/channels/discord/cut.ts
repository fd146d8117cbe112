import type { Formatted } from "../rich-text/entities.ts";
import type { Cut } from "../rich-text/pieces.ts";
import { splitFormatted } from "../rich-text/split.ts";
import { toDiscordMarkdown } from "./format.ts";

/** What Discord takes of a message, as it is written there. */
export const longestText = 2000;

/** An address that is longer stands in the text, where it can be cut. */
const longestAddress = 1000;

/** Pieces that fit with all of their marks. */
export const cutForDiscord: Cut = (whole) => cutTo(whole, longestText);

/** The same for messages of another length. */
export function cutTo(whole: Formatted, most: number): readonly Formatted[] {
  return fit(showLongAddresses(whole), most, most);
}

/** Marks take room of their own: what has more of them is cut shorter. */
function fit(piece: Formatted, units: number, most: number): readonly Formatted[] {
  return splitFormatted(piece, { units, entities: Number.POSITIVE_INFINITY }).flatMap((part) => {
    const { length } = toDiscordMarkdown(part);
    if (length <= most || part.text.length <= 1) return [part];
    const fewer = Math.floor(Math.min(units, part.text.length) * (most / length) * 0.95);
    return fit(part, Math.max(1, Math.min(fewer, part.text.length - 1)), most);
  });
}

function showLongAddresses(whole: Formatted): Formatted {
  const long = whole.entities.find(({ url = "" }) => url.length > longestAddress);
  if (long === undefined) return whole;
  const end = long.offset + long.length;
  const shown = ` (${long.url})`;
  const entities = whole.entities
    .filter((entity) => entity !== long)
    .map((entity) =>
      entity.offset >= end
        ? { ...entity, offset: entity.offset + shown.length }
        : entity.offset + entity.length >= end && entity.length > long.length
          ? { ...entity, length: entity.length + shown.length }
          : entity,
    );
  return showLongAddresses({ text: whole.text.slice(0, end) + shown + whole.text.slice(end), entities });
}

import type { Cut } from "../rich-text/pieces.ts";
import { splitFormatted } from "../rich-text/split.ts";

/** UTF-16 units of a message. */
export const longestText = 4096;

/** So many entities Telegram heeds; the rest would be plain. */
const mostEntities = 100;

export const cutForTelegram: Cut = (whole) =>
  splitFormatted(whole, { units: longestText, entities: mostEntities });

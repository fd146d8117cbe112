import type { Cut } from "../rich-text/pieces.ts";
import { splitFormatted } from "../rich-text/split.ts";

/** UTF-16 units of a message: what Slack recommends. It cuts a text only at ten times as much. */
export const longestText = 4000;

/** Each change of style is an element of the block. */
const mostEntities = 200;

export const cutForSlack: Cut = (whole) =>
  splitFormatted(whole, { units: longestText, entities: mostEntities });

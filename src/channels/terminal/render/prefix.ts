import type { Container } from "../../markdown/container.ts";
import { dim, paintText } from "./ink.ts";
import { measure } from "./width.ts";

/** Rows keep at least so many columns for their text, however deep they stand. */
const leastText = 12;

/** What stands before the text of a row. */
export function paintPrefix(containers: readonly Container[], columns: number): Prefix {
  let painted = "";
  let width = 0;
  for (const container of containers) {
    const text = toMark(container);
    const wider = width + measure(text);
    if (wider > columns - leastText) break;
    painted += container.type === "quote" ? paintText(text, dim) : text;
    width = wider;
  }
  return { painted, width };
}

export interface Prefix {
  readonly painted: string;
  readonly width: number;
}

function toMark(container: Container): string {
  if (container.type === "quote") return "│ ";
  return container.hasRows ? " ".repeat(measure(container.marker)) : container.marker;
}

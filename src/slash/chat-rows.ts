import { findNearestWord } from "../nearest-word.ts";
import { findSlash, slashTable, type ChatCommandName, type SlashRow } from "./table.ts";

export interface ChatRow extends SlashRow {
  readonly name: ChatCommandName;
  readonly action: NonNullable<SlashRow["action"]>;
}

/** Those that can be written in a chat. */
export const chatRows: readonly ChatRow[] = slashTable.filter((row) => "action" in row);

export function findChatRow(name: string): ChatRow | undefined {
  return findSlash(name, chatRows);
}

/** `/status` for `staus`. */
export function findNearestChatCommand(typed: string): string | undefined {
  const known = chatRows.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  const nearest = findNearestWord(typed, known);
  return nearest === undefined ? undefined : `/${nearest}`;
}

import { integerOf, textOf } from "./columns.ts";
import type { Transaction } from "./database.ts";
import type { GroupId } from "./ids.ts";
import { reindexEntry } from "./recall-index.ts";

/** What stands in the place of what was forgotten. */
export const forgotten = "[forgotten]";

/** A shorter text stands in too much that means something else. */
const shortest = 12;

/** In a group's rows, by what finds its own. What is JSON may hold a text in a text. */
const places: readonly (readonly [table: string, column: string, own: string])[] = [
  ["journal", "event", "turn_id IN (SELECT id FROM turns WHERE group_id = ?1)"],
  ["turns", "text", "group_id = ?1"],
  ["sessions", "prefix", "group_id = ?1"],
  ["messages", "body", "group_id = ?1"],
  ["replies", "text", "group_id = ?1"],
  ["approvals", "arguments", "group_id = ?1"],
  ["approvals", "title", "group_id = ?1"],
  ["approvals", "words", "group_id = ?1"],
];

/**
 * Takes a text out of all that a group's conversations, their journals and their index hold, wherever it stands word for
 * word. A text of less than a few words is left, for it would be found where it means something else.
 */
export async function forgetText(tx: Transaction, group: GroupId, text: string): Promise<void> {
  const forms = toForms(text);
  if (forms.length === 0) return;
  const has = (column: string): string => forms.map((_, n) => `instr(${column}, ?${n + 2}) > 0`).join(" OR ");
  const rows = await tx.all(
    `SELECT entries.id, body FROM entries JOIN sessions ON sessions.id = session_id WHERE group_id = ?1 AND (${has("body")})`,
    group,
    ...forms,
  );
  for (const row of rows) {
    const id = integerOf(row, "id");
    const after = { ...row, body: strike(textOf(row, "body"), forms) };
    await tx.run("UPDATE entries SET body = ? WHERE id = ?", after.body, id);
    await reindexEntry(tx, group, id, { before: row, after });
  }
  for (const [table, column, own] of places) {
    const struck = forms.reduce((inner, _, n) => `replace(${inner}, ?${n + 2}, '${forgotten}')`, column);
    await tx.run(
      `UPDATE ${table} SET ${column} = ${struck} WHERE ${own} AND (${has(column)})`,
      group,
      ...forms,
    );
  }
}

/** The same for a file. */
export function strikeText(content: string, text: string): string {
  return strike(content, toForms(text));
}

function strike(content: string, forms: readonly string[]): string {
  return forms.reduce((rest, form) => rest.replaceAll(form, forgotten), content);
}

/** As it is, in JSON, and in JSON inside of JSON: the longest first, for one may stand in the other. */
function toForms(text: string): readonly string[] {
  if (text.length < shortest) return [];
  const inside = (each: string): string => JSON.stringify(each).slice(1, -1);
  return [...new Set([inside(inside(text)), inside(text), text])];
}

import { AppError } from "../errors.ts";
import type { Row } from "./database.ts";

/** Rows are `STRICT`, so a column of another type means that the file was written by something else. */
export function textOf(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw unreadable(column);
  return value;
}

export function integerOf(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== "number") throw unreadable(column);
  return value;
}

export function optionalIntegerOf(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : integerOf(row, column);
}

export function dateOf(row: Row, column: string): Date {
  return new Date(integerOf(row, column));
}

export function optionalTextOf(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : textOf(row, column);
}

export function optionalDateOf(row: Row, column: string): Date | undefined {
  return row[column] === null ? undefined : dateOf(row, column);
}

/** One of a closed set of words. */
export function wordOf<Word extends string>(row: Row, column: string, words: readonly Word[]): Word {
  const value = row[column];
  const word = words.find((each) => each === value);
  if (word === undefined) throw unreadable(column);
  return word;
}

function unreadable(column: string): AppError {
  return new AppError("store", `The database holds something unreadable in "${column}".`, {
    hint: "Restore the newest file of the backups folder.",
  });
}

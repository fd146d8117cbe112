import type { Snapshot } from "../store/snapshots.ts";
import { toVisibleLine } from "../tools/visible.ts";
import { countChanges, formatChange, formatCounts, formatPath, isNotable } from "./change-words.ts";
import type { Change } from "./changes.ts";
import type { UndoPlan, UndoResult } from "./undo.ts";

const mostNamed = 3;
const mostListed = 200;

/** What an undo would do, in a sentence or a few: `3 files changed, 1 created since 10:42 ("tidy up the notes")`. */
export function formatPlan({ target, changes, refused, jobs }: UndoPlan, now: Date): string {
  const doable = changes.filter(({ obstacle }) => obstacle === undefined);
  const stays = changes.filter(({ obstacle }) => obstacle !== undefined);
  const said = target.words === undefined ? "" : ` (${toQuote(target.words)})`;
  return [
    `${formatCounts(countChanges(doable))} since ${formatTime(target.at, now)}${said}`,
    ...(stays.length === 0 ? [] : [`Not among them, because it can't be undone: ${nameSome(stays)}`]),
    ...(jobs === 0
      ? []
      : [`What runs in the background is ended first: ${jobs} ${jobs === 1 ? "job" : "jobs"}`]),
    ...refused.map(toRefusal),
  ].join("\n");
}

/** One line a name. */
export function formatChanges({ changes }: Pick<UndoPlan, "changes">): string[] {
  const notable = changes.filter(isNotable);
  const lines = notable.slice(0, mostListed).map(formatChange);
  return notable.length === lines.length ? lines : [...lines, `… and ${notable.length - lines.length} more`];
}

export function formatResult({ target, changes, refused, unsettled, saved }: UndoResult, now: Date): string {
  const done = changes.filter(({ obstacle }) => obstacle === undefined);
  const damaged = changes.filter(({ obstacle }) => obstacle === "damaged");
  const stays = changes.filter(({ obstacle }) => obstacle !== undefined && obstacle !== "damaged");
  const exceptions = [
    ...nameExceptions(stays, "it can't be"),
    ...nameExceptions(damaged, "what was kept of it is damaged"),
    ...nameExceptions(unsettled, "something keeps changing it"),
    ...refused.map(toRefusal),
  ];
  const scope = exceptions.length === 0 ? "All" : "The rest";
  return [
    `Undone: ${formatCounts(countChanges(done))}. ${scope} is as it was at ${formatTime(target.at, now)}.`,
    ...exceptions,
    `To take this back: /undo ${saved}, or: nanoclaw undo --to ${saved}`,
  ].join("\n");
}

function nameExceptions(changes: readonly Change[], reason: string): string[] {
  return changes.length === 0 ? [] : [`Not undone, because ${reason}: ${nameSome(changes)}`];
}

function toRefusal(reason: string): string {
  return `A shared folder stays as it is: ${reason}`;
}

/** A row of the list: number, time, what was said, what became of it. */
export function formatSnapshot(snapshot: Snapshot, now: Date): string {
  const { id, at, words, restored, changes, problem, manifest } = snapshot;
  const what = restored === undefined ? toQuote(words ?? "") : `(before going back to ${restored})`;
  const counts = changes === undefined ? "" : `  ${formatCounts(changes)}`;
  const flaw =
    problem === undefined
      ? ""
      : manifest === undefined
        ? `  can't be undone: ${problem}`
        : `  without ${problem}`;
  return `${String(id).padStart(4)}  ${formatTime(at, now).padStart(5)}  ${what}${counts}${flaw}`;
}

/** `10:42` today, with the day otherwise; in the time of this machine. */
export function formatTime(at: Date, now: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  if (at.toDateString() === now.toDateString()) return time;
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
}

function nameSome(changes: readonly Change[]): string {
  const named = changes.slice(0, mostNamed).map(formatPath);
  const more = changes.length - named.length;
  return [...named, ...(more === 0 ? [] : [`${more} more`])].join(", ");
}

function toQuote(words: string): string {
  const line = toVisibleLine(words.trim().split("\n")[0] ?? "", 50);
  return `“${line}”`;
}

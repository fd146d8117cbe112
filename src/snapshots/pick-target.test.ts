import { expect, test } from "bun:test";
import { toSnapshotId, toTurnId } from "../store/ids.ts";
import type { Snapshot } from "../store/snapshots.ts";
import { findTarget, walkBack } from "./pick-target.ts";

function snapshot(id: number, at: Date, restored?: number): Snapshot {
  const common = {
    entries: 0,
    bytes: 0,
    copiedBytes: 0,
    words: undefined,
    problem: undefined,
    changes: undefined,
  };
  return {
    ...common,
    id: toSnapshotId(id),
    at,
    turn: restored === undefined ? toTurnId(id) : undefined,
    restored: restored === undefined ? undefined : toSnapshotId(restored),
    manifest: "list",
  };
}

function idsOf(history: readonly (readonly [id: number, restored?: number])[]): number[] {
  const all = history.map(([id, restored]) => snapshot(id, new Date(0), restored)).toReversed();
  return [...walkBack(all)].map(({ id }) => id);
}

test.each([
  ["turn after turn", [[1], [2], [3]], [3, 2, 1]],
  ["from an undo on to what it put back and what lies before", [[1], [2], [3, 2]], [2, 1]],
  ["over a second undo in a row", [[1], [2], [3], [4, 3], [5, 2]], [2, 1]],
  ["past an undo that a turn followed", [[1], [2], [3, 2], [4]], [4, 2, 1]],
  ["from an undo that was undone to what the first one had put back", [[1], [2], [3, 2], [4, 3]], [2, 1]],
  ["when what was put back is forgotten", [[5], [6, 2], [7]], [7]],
  ["where there is nothing", [], []],
] as const)("a plain undo goes back %s", (_, history, ids) => {
  expect(idsOf(history)).toEqual([...ids]);
});

const now = new Date(2026, 0, 31, 14, 0);
const all = [
  snapshot(3, new Date(2026, 0, 31, 10, 42, 30)),
  snapshot(2, new Date(2026, 0, 31, 9, 0)),
  snapshot(1, new Date(2026, 0, 30, 23, 0)),
];

test.each([
  ["2", 2],
  ["10:42", 3],
  ["9:00", 2],
  ["09:01", 3],
  ["00:00", 2],
  ["23:00", 1],
  ["2026-01-30 22:00", 1],
  ["2026-01-31", 2],
  ["2026-01-31T09:30:00", 3],
])("%s is %i: how things stood then", (text, id) => {
  expect(findTarget(all, text, now).id).toBe(toSnapshotId(id));
});

test.each([
  ["9", "not-found"],
  ["11:00", "not-found"],
  ["yesterday", "usage"],
  ["25:00", "usage"],
  ["2026-02-31", "usage"],
  ["", "usage"],
])("%j is refused as %s", (text, code) => {
  expect(() => findTarget(all, text, now)).toThrow(expect.objectContaining({ code }));
});

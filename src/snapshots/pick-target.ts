import { parseTime } from "../parse-time.ts";
import { AppError } from "../errors.ts";
import type { Snapshot } from "../store/snapshots.ts";
import { undoWords } from "../words/english/undo.ts";

/**
 * What a plain undo may put back, in the order in which it is tried: each turn's snapshot, the newest first, until one
 * differs from what is there. An undo that was done leads on to what lies before it, so that another one goes further back.
 */
export function* walkBack(snapshots: readonly Snapshot[]): Generator<Snapshot> {
  let newest = Infinity;
  for (const snapshot of snapshots) {
    if (snapshot.id > newest) continue;
    if (snapshot.restored === undefined) yield snapshot;
    else newest = snapshot.restored;
  }
}

/**
 * By its number, or by a time: the first one made since then, for what it holds is how things stood until it was made.
 * `snapshots` begin with the newest. Throws `AppError`.
 */
export function findTarget(snapshots: readonly Snapshot[], text: string, now: Date): Snapshot {
  if (/^\d+$/.test(text)) {
    const found = snapshots.find(({ id }) => id === Number(text));
    if (found !== undefined) return found;
    throw new AppError("not-found", undoWords.noNumber({ number: text }));
  }
  const time = parseTime(text, now);
  if (time === undefined) throw new AppError("usage", undoWords.notATime({ text }));
  const found = snapshots.findLast(({ at }) => at.getTime() >= time);
  if (found !== undefined) return found;
  throw new AppError("not-found", undoWords.nothingSince({ text }));
}

/** `14:30` of today, or of yesterday when that is still to come; or with the day before it. In the time of this machine. */

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
function parseTime(text: string, now: Date): number | undefined {
  const match = /^(?:(\d{4})-(\d\d)-(\d\d)(?:[ T]|$))?(?:(\d{1,2}):(\d\d)(?::(\d\d))?)?$/.exec(text.trim());
  if (match === null || text.trim() === "") return undefined;
  const [, year, month, day, hour = "0", minute = "0", second = "0"] = match;
  const isDated = year !== undefined;
  const date = isDated
    ? new Date(Number(year), Number(month) - 1, Number(day))
    : new Date(now.getFullYear(), now.getMonth(), now.getDate());
  date.setHours(Number(hour), Number(minute), Number(second));
  if (!isDated && date > now) date.setDate(date.getDate() - 1);
  const isReal =
    Number(hour) < 24 && Number(minute) < 60 && (!isDated || date.getMonth() === Number(month) - 1);
  return isReal ? date.getTime() : undefined;
}

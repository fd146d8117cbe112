import { AppError } from "../errors.ts";
import { findNearestWord } from "../nearest-word.ts";
import type { Reader } from "../store/database.ts";
import { listEntries, type Entry } from "../store/entries.ts";
import {
  findSession as findStored,
  listSessions as listStored,
  type SessionSummary,
} from "../store/session-list.ts";
import { nameSession as nameStored, resumeSession as resumeStored } from "../store/sessions.ts";
import { promptWords } from "../words/english/prompt.ts";
import { withRight, type SessionPlace } from "./session-place.ts";

export interface SessionContent {
  readonly session: SessionSummary;
  /** All of them, also those that were replaced or summed up. */
  readonly entries: readonly Entry[];
}

export async function listSessions(place: SessionPlace): Promise<readonly SessionSummary[]> {
  return await withRight(place, "session.list", "all sessions", (tx) => listStored(tx, place.group.id));
}

/** `word`: a name or a number. Throws `AppError("not-found")` naming what there is. */
export async function readSession(place: SessionPlace, word: string): Promise<SessionContent> {
  const session = await withRight(place, "session.read", word, (tx) => getSession(tx, place, word));
  return { session, entries: await listEntries(place.store.database, session.id) };
}

/** Makes it the group's current session. */
export async function resumeSession(place: SessionPlace, word: string): Promise<SessionSummary> {
  return await withRight(place, "session.resume", word, async (tx) => {
    const session = await getSession(tx, place, word);
    await resumeStored(tx, session);
    return session;
  });
}

/** Throws `AppError`: a name that is not allowed (`usage`) or is taken (`conflict`). */
export async function nameSession(place: SessionPlace, word: string, name: string): Promise<SessionSummary> {
  const wanted = name.trim();
  return await withRight(place, "session.name", wanted, async (tx) => {
    if (!isName(wanted)) throw new AppError("usage", promptWords.sessionName({ name: wanted }));
    const session = await getSession(tx, place, word);
    await nameStored(tx, session, wanted);
    return { ...session, name: wanted };
  });
}

/** What `/sessions` itself takes as a word is no name, and neither is what looks like a number. */
function isName(name: string): boolean {
  return /^\p{L}[^\p{C}]*$/u.test(name) && name.length <= 64 && name !== "name";
}

async function getSession(reader: Reader, { group }: SessionPlace, word: string): Promise<SessionSummary> {
  const session = await findStored(reader, group.id, word);
  if (session !== undefined) return session;
  const known = (await listStored(reader, group.id)).map(({ name, id }) => name ?? `#${id}`);
  const nearest = findNearestWord(word, known);
  throw new AppError("not-found", promptWords.unknownSession({ word, nearest, known: known.slice(0, 20) }));
}

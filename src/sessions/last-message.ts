import { toTexts } from "../agent/context.ts";
import { parseTaintBits, type Taint } from "../authority/taint.ts";
import { listVisibleEntries } from "../store/entries.ts";
import type { SessionId } from "../store/ids.ts";
import { findLastTurn } from "../store/turns.ts";
import { withRight, type SessionPlace } from "./session-place.ts";

export interface LastMessage {
  readonly text: string;
  readonly taint: Taint;
}

/** What the last turn was asked, with all that joined it; nothing when the model no longer sees it. */
export async function findLastMessage(
  place: SessionPlace,
  session: SessionId,
): Promise<LastMessage | undefined> {
  const { database } = place.store;
  await withRight(place, "session.read", `last message of #${session}`, async () => {});
  const last = await findLastTurn(database, session);
  if (last === undefined) return undefined;
  const entries = (await listVisibleEntries(database, session)).filter(
    ({ turn, kind }) => turn === last && kind === "user",
  );
  // Behind the words of each stands what was added for the model.
  const texts = entries.flatMap(({ message }) =>
    message.role === "user" ? [toTexts(message)[0] ?? ""] : [],
  );
  if (texts.length === 0) return undefined;
  const taint = parseTaintBits(entries.reduce((bits, entry) => bits | entry.taint, 0));
  return { text: texts.join("\n\n"), taint };
}

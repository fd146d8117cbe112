import { mkdir, stat } from "node:fs/promises";
import { AppError, systemCode } from "../errors.ts";
import { groupPaths } from "../home.ts";
import { listEntries } from "../store/entries.ts";
import type { Group } from "../store/groups.ts";
import { findSession, type SessionSummary } from "../store/session-list.ts";
import { findCurrentSession } from "../store/sessions.ts";
import type { Store } from "../store/store.ts";
import { promptWords } from "../words/english/prompt.ts";
import { writePrivateFile } from "../write-private-file.ts";
import { toFileName, toMarkdown } from "./export-session.ts";

export interface ArchivePlace {
  readonly store: Store;
  readonly group: Group;
}

/**
 * Writes a conversation to `conversations/2026-11-26-12-trip.md` of its group, to read; again, it replaces the file. Nothing for
 * one in which nothing was said. Throws `AppError("io")` when it cannot be written.
 */
export async function archiveSession(
  { store: { database, folder }, group }: ArchivePlace,
  session: SessionSummary,
): Promise<string | undefined> {
  if (session.entries === 0) return undefined;
  const { root, conversations } = groupPaths({ groups: `${folder}/groups` }, group.name);
  const path = `${conversations}/${toArchiveName(session)}`;
  try {
    // A group's own folder is made with its first files, or not at all.
    await stat(root);
    await mkdir(conversations, { recursive: true, mode: 0o700 });
    writePrivateFile(path, toMarkdown({ session, entries: await listEntries(database, session.id) }));
    return path;
  } catch (cause) {
    const reason = systemCode(cause);
    if (reason === undefined) throw cause;
    if (reason === "ENOENT") return undefined;
    throw new AppError("io", promptWords.notArchived({ path, reason }), { cause });
  }
}

/** Before another takes its place. */
export async function archiveCurrent(place: ArchivePlace): Promise<string | undefined> {
  const { store, group } = place;
  const current = await findCurrentSession(store.database, group.id);
  const session =
    current === undefined ? undefined : await findSession(store.database, group.id, `#${current.id}`);
  return session === undefined ? undefined : await archiveSession(place, session);
}

/** When it began, its number, which no other has, and its name where it has one. */
function toArchiveName({ id, name, createdAt }: SessionSummary): string {
  const date = createdAt.toISOString().slice(0, 10);
  const words =
    name === undefined
      ? ""
      : toFileName({ id, name })
          .replace(/^nanoclaw/, "")
          .replace(/\.md$/, "");
  return `${date}-${id}${words === `-${id}` ? "" : words}.md`;
}

import { AppError } from "../errors.ts";
import type { Clock } from "../clock.ts";
import { groupPaths } from "../home.ts";
import type { Database } from "../store/database.ts";
import { toMemoryId, type GroupId, type MemoryId, type TurnId } from "../store/ids.ts";
import {
  addMemory,
  findMemory,
  listMemories,
  removeMemory,
  reviewMemory,
  rewriteMemory,
  type Memory,
} from "../store/memories.ts";
import {
  forgetMemory,
  indexEntries,
  indexMemory,
  listSaid,
  readRecalled,
  searchIndex,
  type Recalled,
  type RecalledEntry,
} from "../store/recall-index.ts";
import { forgetText } from "../store/forget-text.ts";
import type { Group } from "../store/groups.ts";
import type { Store } from "../store/store.ts";
import { strikeFiles, writeNoteFile, type NoteFolders } from "./note-files.ts";
import { toSnippet } from "./snippet.ts";

export interface Found {
  readonly kind: "memory" | "conversation";
  /** Of a memory its number, of what was said its session's. */
  readonly number: number;
  /** `remembered`, `person` or `assistant`. */
  readonly by: string;
  readonly text: string;
  readonly at: Date;
  /** As bits; whoever reads it has seen what it was made of. */
  readonly taint: number;
}

export interface NewNote {
  readonly text: string;
  readonly isAlways: boolean;
  readonly turn: TurnId | undefined;
  readonly taint: number;
}

const longestNote = 2_000;
const mostNotes = 2_000;
const mostAlways = 60;
const dayMs = 86_400_000;

/** What one group's assistant remembers: notes, and all that was said in its conversations. Throws `AppError`. */
export class GroupMemory {
  readonly #database: Database;
  readonly #group: GroupId;
  readonly #clock: Pick<Clock, "now">;
  readonly #folders: NoteFolders;

  constructor({ database, folder }: Store, { id, name }: Group, clock: Pick<Clock, "now">) {
    this.#database = database;
    this.#group = id;
    this.#clock = clock;
    this.#folders = groupPaths({ groups: `${folder}/groups` }, name);
  }

  async remember({ text, ...note }: NewNote): Promise<MemoryId> {
    const words = checkText(text);
    const kept = await this.#database.transaction(async (tx) => {
      const notes = await listMemories(tx, this.#group);
      const known = notes.find((each) => each.text === words && each.isAlways === note.isAlways);
      if (known !== undefined) return known.id;
      if (notes.length >= mostNotes)
        throw new AppError("conflict", `${mostNotes} notes are there already: forget some first.`);
      if (note.isAlways && notes.filter(({ isAlways }) => isAlways).length >= mostAlways) {
        throw new AppError(
          "conflict",
          `${mostAlways} notes stand in every prompt already: forget some of them first.`,
        );
      }
      const id = await addMemory(tx, { ...note, text: words, group: this.#group, now: this.#clock.now() });
      await indexMemory(tx, this.#group, id, words);
      return id;
    });
    await this.#writeFile(new Date(this.#clock.now()));
    return kept;
  }

  /** The owner's own words in its place: he stands for them. Throws `AppError("not-found")`. */
  async rewrite(number: number, text: string): Promise<Memory> {
    const words = checkText(text);
    const before = await this.#database.transaction(async (tx) => {
      const id = toMemoryId(number);
      const memory = await findMemory(tx, this.#group, id);
      if (memory === undefined) throw notFound(number);
      await forgetMemory(tx, this.#group, id, memory.text);
      await rewriteMemory(tx, this.#group, id, { text: words, now: this.#clock.now() });
      await indexMemory(tx, this.#group, id, words);
      return memory;
    });
    await this.#writeFile(before.createdAt);
    return before;
  }

  /** The best first, of notes and of what was said. */
  async recall(query: string, limit: number, signal: AbortSignal): Promise<readonly Found[]> {
    await this.catchUp(signal);
    const recalled = await searchIndex(this.#database, this.#group, query, limit);
    const found = await Promise.all(recalled.map((each) => this.#read(each, query)));
    return found.filter((each) => each !== undefined);
  }

  /** What was said in the last so many days, in its order: the newest, where it is more. */
  async listSaid(days: number, limit: number): Promise<readonly Found[]> {
    const since = this.#clock.now() - days * dayMs;
    return (await listSaid(this.#database, this.#group, { since, limit })).map((entry) => toFound(entry, ""));
  }

  /** Takes what was said since the last time into the index, in short transactions. */
  async catchUp(signal: AbortSignal): Promise<void> {
    while (await this.#database.transaction((tx) => indexEntries(tx, this.#group))) signal.throwIfAborted();
  }

  /** Gone from the notes, from what was said word for word, from the index and from the files. Throws `AppError("not-found")`. */
  async forget(number: number): Promise<Memory> {
    const gone = await this.#database.transaction(async (tx) => {
      const id = toMemoryId(number);
      const memory = await findMemory(tx, this.#group, id);
      if (memory === undefined) throw notFound(number);
      await forgetMemory(tx, this.#group, id, memory.text);
      await removeMemory(tx, this.#group, id);
      await forgetText(tx, this.#group, memory.text);
      return memory;
    });
    await strikeFiles(this.#folders.conversations, gone.text);
    await this.#writeFile(gone.createdAt);
    // What was written over leaves the disk with the log of writes, which others may hold open for long.
    await this.#database.get("PRAGMA wal_checkpoint(TRUNCATE)");
    return gone;
  }

  /** The owner stands for it. */
  async review(number: number): Promise<void> {
    const isThere = await this.#database.transaction((tx) =>
      reviewMemory(tx, this.#group, toMemoryId(number), this.#clock.now()),
    );
    if (!isThere) throw notFound(number);
  }

  async list(): Promise<readonly Memory[]> {
    return await listMemories(this.#database, this.#group);
  }

  async #writeFile(day: Date): Promise<void> {
    await writeNoteFile(this.#folders, day, await this.list());
  }

  async #read(recalled: Recalled, query: string): Promise<Found | undefined> {
    if (recalled.kind === "memory") {
      const memory = await findMemory(this.#database, this.#group, toMemoryId(recalled.memory));
      if (memory === undefined) return undefined;
      const { id, text, createdAt, taint } = memory;
      return { kind: "memory", number: Number(id), by: "remembered", text, at: createdAt, taint };
    }
    const entry = await readRecalled(this.#database, this.#group, recalled.entry);
    return entry === undefined ? undefined : toFound(entry, query);
  }
}

function toFound({ text, role, session, at, taint }: RecalledEntry, query: string): Found {
  const by = role === "user" ? "person" : role;
  return { kind: "conversation", number: session, by, text: toSnippet(text, query), at, taint };
}

function checkText(text: string): string {
  const words = text.trim();
  if (words === "") throw new AppError("usage", "There is nothing to remember.");
  if (words.length <= longestNote) return words;
  throw new AppError(
    "too-long",
    `A note holds ${longestNote} characters; this has ${words.length}. Keep what matters.`,
  );
}

function notFound(number: number): AppError {
  return new AppError("not-found", `There is no note ${number} here.`);
}

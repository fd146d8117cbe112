import { toLocalTime } from "../local-time.ts";
import { parseTaintBits } from "../authority/taint.ts";
import { sanitizeLine, sanitizeText } from "../channels/terminal/sanitize.ts";
import { AppError } from "../errors.ts";
import { prepareGroup } from "../groups/prepare-group.ts";
import { findHome, groupPaths } from "../home.ts";
import { longestMemory, readOwnMemory } from "../agent/own-memory.ts";
import { GroupMemory } from "../memory/group-memory.ts";
import { withRight, type SessionPlace } from "../sessions/session-place.ts";
import type { Memory } from "../store/memories.ts";
import { memoryWords } from "../words/english/memory.ts";
import { usageWords } from "../words/english/usage.ts";
import type { ParsedArguments } from "./arguments.ts";
import { writePrivateFile } from "../write-private-file.ts";
import { createAskPerson } from "./ask-person.ts";
import type { CommandIo, ExitCode, StreamIo } from "./command-io.ts";
import { editText } from "./edit-text.ts";
import { openOwnGroup } from "./own-store.ts";
import { toJson } from "./to-json.ts";

type Run = (args: ParsedArguments, io: CommandIo, signal: AbortSignal) => Promise<ExitCode>;

/** What the owner wrote into `MEMORY.md` and every note; with `--review` those alone that came of strangers' words. */
export const runMemoryShow: Run = async (args, io, signal) => {
  await using place = await openOwnGroup(args.value("group"), io, signal);
  await withRight(place, "memory.read", "all notes", async () => {});
  const notes = await toMemory(place).list();
  const wanted = args.has("review") ? notes.filter(needsReview) : notes;
  if (args.has("json")) await io.write(toJson(wanted.map(toRow)));
  else await io.write(await toShown(wanted, args.has("review"), findMemoryFile(place)));
  return 0;
};

async function toShown(notes: readonly Memory[], isReview: boolean, path: string): Promise<string> {
  const lines = notes.map(formatNote).join("");
  if (isReview) return lines === "" ? "Nothing waits for a look.\n" : lines;
  const own = await readOwnMemory(path);
  const all = `${own === "" ? "" : `${sanitizeText(own)}\n\n`}${lines}`;
  return all === "" ? "No notes yet. Add one: nanoclaw memory add TEXT\n" : all;
}

export const runMemoryAdd: Run = async (args, io, signal) => {
  await using place = await openOwnGroup(args.value("group"), io, signal);
  const isAlways = args.has("always");
  // The file of the day lies in the group's folder.
  await prepareGroup(place.group, findHome(io.env), place.store);
  await withRight(place, isAlways ? "memory.instruct" : "memory.write", "a note", async () => {});
  const id = await toMemory(place).remember({
    text: args.words.join(" "),
    isAlways,
    turn: undefined,
    taint: 0,
  });
  await io.write(
    args.has("json") ? toJson({ note: Number(id) }) : `✓ Kept as note ${id} of ${place.group.name}.\n`,
  );
  return 0;
};

export const runMemorySearch: Run = async (args, io, signal) => {
  await using place = await openOwnGroup(args.value("group"), io, signal);
  const query = args.words.join(" ");
  await withRight(place, "memory.read", `search ${query}`, async () => {});
  const found = await toMemory(place).recall(query, 20, signal);
  if (args.has("json")) await io.write(toJson(found));
  else if (found.length === 0) await io.write("Nothing was found.\n");
  else {
    const lines = found.map(({ at, kind, number, by, text }) => {
      const where = kind === "memory" ? `note ${number}` : `conversation ${number}, ${by}`;
      return `${toLocalTime(at, "day")}  ${where}\n    ${sanitizeLine(text)}\n`;
    });
    await io.write(lines.join(""));
  }
  return 0;
};

export const runMemoryForget: Run = async (args, io, signal) => {
  await using place = await openOwnGroup(args.value("group"), io, signal);
  const number = toNumber(args.words[0]);
  await withRight(place, "memory.forget", `note ${number}`, async () => {});
  const { text } = await toMemory(place).forget(number);
  await io.write(`✓ Forgotten: ${sanitizeLine(text)}\n`);
  return 0;
};

/** The owner stands for it: from now on it may stand in prompts, whoever said it first. */
export const runMemoryApprove: Run = async (args, io, signal) => {
  await using place = await openOwnGroup(args.value("group"), io, signal);
  const number = toNumber(args.words[0]);
  await withRight(place, "memory.review", `note ${number}`, async () => {});
  await toMemory(place).review(number);
  await io.write(`✓ Note ${number} counts as yours.\n`);
  return 0;
};

export const runMemoryExport: Run = async (args, io, signal) => {
  await using place = await openOwnGroup(args.value("group"), io, signal);
  await withRight(place, "memory.read", "all notes", async () => {});
  const notes = await toMemory(place).list();
  const lines = notes.map(
    ({ text, createdAt }) => `- ${sanitizeText(text)} (${toLocalTime(createdAt, "day")})\n`,
  );
  await io.write(`# What ${place.group.name} remembers\n\n${lines.join("")}`);
  return 0;
};

/** Of a note, or of all that the owner writes himself: with his editor, or of what standard input brings. */
export async function runMemoryEdit(
  args: ParsedArguments,
  io: StreamIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  await using place = await openOwnGroup(args.value("group"), io, signal);
  const word = args.words[0];
  if (word === undefined) {
    const path = findMemoryFile(place);
    await prepareGroup(place.group, findHome(io.env), place.store);
    await withRight(place, "memory.instruct", "MEMORY.md", async () => {});
    const before = await readText(path);
    const after = await editText(before, "MEMORY.md", io, signal);
    if (after.length > longestMemory) {
      throw new AppError("too-long", memoryWords.fileTooLong({ length: after.length, most: longestMemory }));
    }
    if (after !== before) writePrivateFile(path, after);
    await io.write(after === before ? "Nothing was changed.\n" : `✓ ${sanitizeLine(path)} is changed.\n`);
    return 0;
  }
  const number = toNumber(word);
  await withRight(place, "memory.review", `note ${number}`, async () => {});
  const memory = toMemory(place);
  const note = (await memory.list()).find(({ id }) => Number(id) === number);
  if (note === undefined) throw new AppError("not-found", memoryWords.unknownNote({ number }));
  const after = (await editText(`${note.text}\n`, `note-${number}.md`, io, signal)).trim();
  if (after !== note.text) await memory.rewrite(number, after);
  await io.write(after === note.text ? "Nothing was changed.\n" : `✓ Note ${number} is changed.\n`);
  return 0;
}

/** What came of strangers' words: kept or forgotten by the numbers that are named, or asked for one after the other. */
export const runMemoryReview: Run = async (args, io, signal) => {
  await using place = await openOwnGroup(args.value("group"), io, signal);
  const [keep, drop] = [args.values("keep").map(toNumber), args.values("forget").map(toNumber)];
  await withRight(place, "memory.review", "notes of strangers' words", async () => {});
  const memory = toMemory(place);
  for (const number of keep) {
    await memory.review(number);
    await io.write(`✓ Note ${number} counts as yours.\n`);
  }
  for (const number of drop) {
    const { text } = await memory.forget(number);
    await io.write(`✓ Forgotten: ${sanitizeLine(text)}\n`);
  }
  if (keep.length + drop.length > 0) return 0;
  const waiting = (await memory.list()).filter(needsReview);
  if (args.has("json")) await io.write(toJson(waiting.map(toRow)));
  else if (waiting.length === 0) await io.write("Nothing waits for a look.\n");
  else await reviewEach(waiting, memory, io, signal);
  return 0;
};

async function reviewEach(
  waiting: readonly Memory[],
  memory: GroupMemory,
  io: CommandIo,
  signal: AbortSignal,
): Promise<void> {
  const ask = io.isTerminal.output ? createAskPerson(io) : undefined;
  if (ask === undefined) {
    await io.write(waiting.map(formatNote).join(""));
    await io.write("Keep or forget them by number: nanoclaw memory review --keep 1 --forget 2\n");
    return;
  }
  await ask(async (prompt) => {
    for (const note of waiting) {
      const question = `${formatNote(note)}Who said it had seen strangers' words. What becomes of it?`;
      const answer = await prompt.choose(
        question,
        ["leave it for later", "keep it: it counts as yours", "forget it"],
        signal,
      );
      if (answer === 1) await memory.review(Number(note.id));
      if (answer === 2) await memory.forget(Number(note.id));
    }
  });
}

function findMemoryFile({ store, group }: SessionPlace): string {
  return `${groupPaths({ groups: `${store.folder}/groups` }, group.name).memory}/MEMORY.md`;
}

async function readText(path: string): Promise<string> {
  const file = Bun.file(path);
  return (await file.exists()) ? await file.text() : "";
}

function toMemory({ store, group, clock }: Awaited<ReturnType<typeof openOwnGroup>>): GroupMemory {
  return new GroupMemory(store, group, clock);
}

function needsReview({ taint, reviewedAt }: Memory): boolean {
  return parseTaintBits(taint).sawUntrusted && reviewedAt === undefined;
}

function toRow(memory: Memory) {
  const { id, text, isAlways, turn, createdAt } = memory;
  return {
    note: id,
    text,
    isAlways,
    turn: turn ?? null,
    at: createdAt.toISOString(),
    needsReview: needsReview(memory),
  };
}

function formatNote(memory: Memory): string {
  const { id, text, isAlways, createdAt } = memory;
  const marks = [...(isAlways ? ["always"] : []), ...(needsReview(memory) ? ["of strangers' words"] : [])];
  const note = marks.length === 0 ? "" : `  [${marks.join(", ")}]`;
  return `${String(id).padStart(5)}  ${toLocalTime(createdAt, "day")}  ${sanitizeLine(text)}${note}\n`;
}

function toNumber(text: string | undefined): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new AppError("usage", usageWords.wordMissing({ word: "NOTE" }));
}

import { parseTaintBits } from "../authority/taint.ts";
import { sanitizeLine, sanitizeText } from "../channels/terminal/sanitize.ts";
import { AppError } from "../errors.ts";
import { GroupMemory } from "../memory/group-memory.ts";
import { withRight } from "../sessions/session-place.ts";
import type { Memory } from "../store/memories.ts";
import { usageWords } from "../words/english/usage.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { openOwnGroup } from "./own-store.ts";
import { toJson } from "./to-json.ts";

type Run = (args: ParsedArguments, io: CommandIo, signal: AbortSignal) => Promise<ExitCode>;

/** Every note, and with `--review` those alone that came of strangers' words. */
export const runMemoryList: Run = async (args, io, signal) => {
  await using place = await openOwnGroup(args.value("group"), io, signal);
  await withRight(place, "memory.read", "all notes", async () => {});
  const notes = await toMemory(place).list();
  const wanted = args.has("review") ? notes.filter(needsReview) : notes;
  if (args.has("json")) await io.write(toJson(wanted.map(toRow)));
  else if (wanted.length > 0) await io.write(wanted.map(formatNote).join(""));
  else
    await io.write(
      args.has("review")
        ? "Nothing waits for a look.\n"
        : "No notes yet. Add one: nanoclaw memory add TEXT\n",
    );
  return 0;
};

export const runMemoryAdd: Run = async (args, io, signal) => {
  await using place = await openOwnGroup(args.value("group"), io, signal);
  const isAlways = args.has("always");
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
      return `${at.toISOString().slice(0, 10)}  ${where}\n    ${sanitizeLine(text)}\n`;
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
    ({ text, createdAt }) => `- ${sanitizeText(text)} (${createdAt.toISOString().slice(0, 10)})\n`,
  );
  await io.write(`# What ${place.group.name} remembers\n\n${lines.join("")}`);
  return 0;
};

function toMemory({ store, group, clock }: Awaited<ReturnType<typeof openOwnGroup>>): GroupMemory {
  return new GroupMemory(store.database, group.id, clock);
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
  return `${String(id).padStart(5)}  ${createdAt.toISOString().slice(0, 10)}  ${sanitizeLine(text)}${note}\n`;
}

function toNumber(text: string | undefined): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new AppError("usage", usageWords.wordMissing({ word: "NOTE" }));
}

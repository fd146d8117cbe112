import { readdir, rm } from "node:fs/promises";
import { systemCode } from "../errors.ts";
import type { GroupPaths } from "../home.ts";
import { strikeText } from "../store/forget-text.ts";
import type { Memory } from "../store/memories.ts";
import { writePrivateFile } from "../write-private-file.ts";

/** They lie outside of every sandbox. */
export type NoteFolders = Pick<GroupPaths, "memory" | "conversations">;

/** `memory/2026-11-26.md`: the notes of one day, for a person to read. A day without any has no file. */
export async function writeNoteFile(
  { memory }: NoteFolders,
  day: Date,
  notes: readonly Memory[],
): Promise<void> {
  const date = toDate(day);
  const path = `${memory}/${date}.md`;
  const lines = notes.filter(({ createdAt }) => toDate(createdAt) === date).map(toLine);
  try {
    if (lines.length === 0) await rm(path, { force: true });
    else writePrivateFile(path, `# ${date}\n\n${lines.join("\n")}\n`);
  } catch (error) {
    // A group that nobody has used yet has no folder: there is nothing to read either.
    if (systemCode(error) !== "ENOENT") throw error;
  }
}

/** Takes a text out of the conversations that lie as files. */
export async function strikeFiles(folder: string, text: string): Promise<void> {
  for (const name of await listFiles(folder)) {
    const path = `${folder}/${name}`;
    const before = await Bun.file(path).text();
    const after = strikeText(before, text);
    if (after !== before) writePrivateFile(path, after);
  }
}

async function listFiles(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith(".md"));
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw error;
  }
}

function toLine({ id, text, isAlways, taint, reviewedAt }: Memory): string {
  const isDoubtful = (taint & 1) === 1 && reviewedAt === undefined;
  const marks = [
    `note ${id}`,
    ...(isAlways ? ["always"] : []),
    ...(isDoubtful ? ["made where strangers' words had been seen"] : []),
  ];
  return `- ${text.replace(/\s+/g, " ")} (${marks.join(", ")})`;
}

function toDate(time: Date): string {
  return time.toISOString().slice(0, 10);
}

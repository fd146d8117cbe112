import type { Instruction } from "./context.ts";
import { readOwnMemory } from "./own-memory.ts";

/** The owner's files that make the prefix of a session, in their order. They lie outside every sandbox. */
export const instructionFiles = ["AGENTS.md", "SOUL.md", "USER.md", "TOOLS.md"] as const;

const longestInstruction = 32_000;

/** Reads those that are there. A group that has only a `CLAUDE.md` is understood. */
export async function readInstructions(folder: string): Promise<Instruction[]> {
  const [own, ...texts] = await Promise.all([
    readOwnMemory(`${folder}/memory/MEMORY.md`),
    ...instructionFiles.map(async (name) => {
      const text = await readIfThere(`${folder}/${name}`);
      return name === "AGENTS.md" && text === undefined ? await readIfThere(`${folder}/CLAUDE.md`) : text;
    }),
  ]);
  return [
    ...instructionFiles.flatMap((name, index) => {
      const text = texts[index]?.slice(0, longestInstruction);
      return text === undefined || text.trim() === "" ? [] : [{ name, text }];
    }),
    ...(own === "" ? [] : [{ name: "MEMORY.md", text: own }]),
  ];
}

/** One short text that tells for each file what was read. */
export function hashInstructions(instructions: readonly Instruction[]): string {
  return JSON.stringify(instructions.map(({ name, text }) => [name, hashText(text)]));
}

/** Those that read differently from what `hash` was made of; without a text, those that are gone. */
export function findChanged(instructions: readonly Instruction[], hash: string | undefined): Instruction[] {
  if (hash === hashInstructions(instructions)) return [];
  const before = parseHash(hash);
  const gone = [...before.keys()].filter((name) => instructions.every((each) => each.name !== name));
  return [
    ...instructions.filter(({ name, text }) => before.get(name) !== hashText(text)),
    ...gone.map((name) => ({ name, text: "" })),
  ];
}

function parseHash(hash: string | undefined): ReadonlyMap<string, string> {
  const pairs: unknown = JSON.parse(hash ?? "[]");
  if (!Array.isArray(pairs)) return new Map();
  return new Map(
    pairs.flatMap((pair: unknown) =>
      Array.isArray(pair) ? [[String(pair[0]), String(pair[1])] as const] : [],
    ),
  );
}

function hashText(text: string): string {
  return Bun.hash(text).toString(36);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await Bun.file(path).text();
  } catch {
    return undefined;
  }
}

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemCode } from "./errors.ts";
import type { GroupPaths } from "./home.ts";

/** Where below the group's folder, and what stands in it. */
export type GroupFile = readonly [path: string, text: string];

/**
 * Makes a group's folder with its first files, and says which it made. What is there already is never touched:
 * these files belong to the person from their first day.
 */
export function createGroupFolder(
  paths: GroupPaths,
  files: readonly GroupFile[] = groupFiles,
): readonly string[] {
  for (const folder of [paths.root, paths.memory, paths.workspace, paths.home, paths.temporary]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  return files.filter(([path, text]) => writeIfAbsent(join(paths.root, path), text)).map(([path]) => path);
}

function writeIfAbsent(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw error;
  }
}

const agents = `# Instructions

You are a personal assistant. Be brief, exact and friendly.

- Say in a sentence what you are about to do before you change anything.
- Ask when a request can be read in two ways and the difference matters.
- Use your tools to find out instead of guessing, and say when you do not know.
- Remember what will matter later, and only that.
`;

const soul = `# Character

- Warm, calm and curious; plain words, no flattery.
- Right before fast: check what can be checked.
- What you are told in confidence stays here.
- Open about what you did, what failed and what you left out.
`;

const user = `# About the person

- Name:
- Language:
- Time zone:
- How answers should be (short or thorough, formal or casual):
- Work and interests:
`;

const tools = `# Notes on tools

Write here what the assistant should know about this machine: programs that are there, folders that matter,
habits to keep.
`;

/** Every line is a heading or a comment, so that an untouched file is no work at all. */
const heartbeat = `# Heartbeat

<!-- The assistant reads this file every few minutes and does what stands in it. -->
<!-- A file with headings and comments only, as this one, costs nothing. -->

## Active tasks

<!-- One line each, such as: - Tell me when the price of a train to Vienna falls below 40 euros. -->

## Completed
`;

const memory = `# Memory

## The person

## Preferences

## Notes
`;

/** What a group begins with, unless the owner has templates of his own. */
export const groupFiles: readonly GroupFile[] = [
  ["AGENTS.md", agents],
  ["SOUL.md", soul],
  ["USER.md", user],
  ["TOOLS.md", tools],
  ["HEARTBEAT.md", heartbeat],
  ["memory/MEMORY.md", memory],
];

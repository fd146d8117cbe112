import { expect, test } from "bun:test";
import { AppError } from "../errors.ts";
import { parseArguments } from "./arguments.ts";
import { findCommand } from "./find-command.ts";
import { commands } from "./table.ts";

const root = `${import.meta.dir}/../..`;
const globs = ["README.md", "docs/*.md", "docs/channels/*.md", "docs/zh-CN/*.md"];
const documents = globs.flatMap((glob) => [...new Bun.Glob(glob).scanSync(root)]).toSorted();

/** What stands behind the name of the program, in code and on lines that are commands. */
function findDocumented(text: string): readonly string[] {
  const inline = [...text.matchAll(/`((?:nano)?claw [^`]+)`/g)].map(([, line = ""]) => line);
  const lines = [...text.matchAll(/^(?:\s*|[^`\n]*\|\s*|[^`\n]*\$\()((?:nano)?claw [^`\n]+)$/gm)];
  return [...inline, ...lines.map(([, line = ""]) => line)].flatMap((line) => {
    const [, ...words] = line.split(" ");
    // `cron add/list`: each of them.
    const at = words.findIndex((word) => /^[a-z]+(?:\/[a-z]+)+$/.test(word));
    const each = words[at]?.split("/").map((word) => words.with(at, word)) ?? [words];
    return each.map((all) => all.join(" "));
  });
}

/** As a shell would cut it: without what stands behind a pipe, an ampersand, a bracket or a comment. */
function toWords(line: string): readonly string[] {
  const words: string[] = [];
  for (const [, double, single, plain, end] of line.matchAll(
    /"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"'|;&)>#]+)|([|;&)>#])/g,
  )) {
    if (end !== undefined) break;
    words.push(double ?? single ?? plain ?? "");
  }
  return words;
}

function findFault(line: string): string | undefined {
  try {
    const { command, rest } = findCommand(toWords(line), commands);
    // By its name alone it is spoken of.
    if (command.subcommands === undefined && rest.length > 0) parseArguments(rest, command);
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return `${line}: ${error.message}`;
    throw error;
  }
}

test.each(documents)("every command in %s is one, with flags and words that it takes", async (path) => {
  const text = await Bun.file(`${root}/${path}`).text();
  expect(findDocumented(text).flatMap((line) => findFault(line) ?? [])).toEqual([]);
});

test("a command that is none, a flag that is none and a word too many are found", () => {
  const lines = findDocumented(
    "See `nanoclaw group list` and:\n\n  nanoclaw groups list --al\n  x | nanoclaw why 1 2\n",
  );
  expect(lines.map((line) => findFault(line) !== undefined)).toEqual([true, true, true]);
});

test("they are found where they stand", async () => {
  const texts = await Promise.all(documents.map((path) => Bun.file(`${root}/${path}`).text()));
  const all = texts.flatMap(findDocumented);
  expect(all.length).toBeGreaterThan(300);
  expect(all).toContain("groups egress allow GROUP HOST");
});

import { AppError } from "../../errors.ts";
import { runInside } from "../inside.ts";
import { pathInput, toInsidePath, toPathTitle } from "../inside-path.ts";
import { defineTool } from "../schema.ts";
import type { Tool } from "../tool.ts";
import { toVisibleLine } from "../visible.ts";
import { isBinary } from "./binary.ts";
import { findNearestLines } from "./nearest-lines.ts";
import { refuseIrregular, splitHeader, toFileProblem } from "./regular-file.ts";
import { replaceFile } from "./replace-file.ts";
import { type Edit, editBytes } from "./edit-bytes.ts";

const mostBytes = 4_000_000;

/** The checksum is taken before the bytes: a change between the two makes the write refuse, never succeed. */
const script = `${refuseIrregular}
size=$(wc -c < "$1") || exit 1
if [ "$size" -gt ${mostBytes} ]; then echo large; exit 0; fi
sum=$(cksum < "$1") || exit 1
echo "whole $sum"
exec head -c ${mostBytes} < "$1"
`;

export function createEditFile(): Tool {
  return defineTool({
    name: "edit_file",
    description: "Replace text in a file. old must match exactly and, without all, only once.",
    input: {
      type: "object",
      properties: {
        path: pathInput,
        old: { type: "string" },
        new: { type: "string" },
        all: { type: "boolean", description: "replace every match" },
      },
      required: ["path", "old", "new"],
    },
    effect: "write",
    action: "files.write",
    title: ({ path }) => toPathTitle("edit", path),
    async execute({ path, old, new: replacement, all = false }, context) {
      if (old === "")
        throw new AppError("usage", "old is empty.", { hint: "Use write_file for a new file." });
      if (old === replacement) throw new AppError("usage", "old and new are the same: nothing to change.");
      const { paths } = await context.sandbox();
      const inside = toInsidePath(path, paths);
      const { header, body } = splitHeader(
        await runInside(script, [inside], { limit: mostBytes + 100 }, context),
      );
      const [word = "", ...checksum] = header;
      const name = toVisibleLine(path, 200);
      const problem = word === "large" ? toTooLarge(name) : toFileProblem(word, path);
      if (problem !== undefined) throw problem;
      const edit = editBytes(body, { old, replacement });
      refuseUnclear(edit, { name, body, old, all });
      const content = edit.content();
      await replaceFile({ path: inside, name: path, content, checksum: checksum.join(" ") }, context);
      const places = `${edit.lines.length === 1 ? "line" : "lines"} ${listLines(edit.lines)}`;
      return {
        content: `Edited ${name} at ${places}.`,
        details: { replacements: edit.lines.length, bytes: content.length },
      };
    },
  });
}

function toTooLarge(name: string): AppError {
  return new AppError("too-long", `${name} is larger than ${mostBytes} bytes.`, {
    hint: "Edit it with shell (sed, awk or a script).",
  });
}

interface Attempt {
  readonly name: string;
  readonly body: Uint8Array;
  readonly old: string;
  readonly all: boolean;
}

function refuseUnclear(edit: Edit, { name, body, old, all }: Attempt): void {
  if (edit.lines.length === 0) {
    const nearest = isBinary(body) ? [] : findNearestLines(new TextDecoder().decode(body), old);
    throw new AppError("not-found", `old was not found in ${name}.`, {
      hint: nearest.length === 0 ? "Read the file again." : `The nearest lines are:\n${nearest.join("\n")}`,
    });
  }
  if (edit.lines.length > 1 && !all) {
    throw new AppError(
      "conflict",
      `old stands ${edit.lines.length} times in ${name}, at lines ${listLines(edit.lines)}.`,
      {
        hint: "Give more of its surroundings, or all: true.",
      },
    );
  }
}

function listLines(lines: readonly number[]): string {
  const shown = lines.slice(0, 20).join(", ");
  return lines.length > 20 ? `${shown}, …` : shown;
}

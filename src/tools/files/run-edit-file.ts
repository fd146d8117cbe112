import { AppError } from "../../errors.ts";
import { runInside } from "../inside.ts";
import { toInsidePath } from "../inside-path.ts";
import type { ToolContext, ToolResult } from "../tool.ts";
import { toVisibleLine } from "../visible.ts";
import { isBinary } from "./binary.ts";
import { editBytes } from "./edit-bytes.ts";
import { findNearestLines } from "./nearest-lines.ts";
import type { PathQueue } from "./path-queue.ts";
import { refuseIrregular, splitHeader, toFileProblem } from "./regular-file.ts";
import { replaceFile } from "./replace-file.ts";

const mostBytes = 4_000_000;

/** The checksum is taken before the bytes: a change between the two makes the write refuse, never succeed. */
const script = `${refuseIrregular}
size=$(wc -c < "$1") || exit 1
if [ "$size" -gt ${mostBytes} ]; then echo large; exit 0; fi
sum=$(cksum < "$1") || exit 1
echo "whole $sum"
exec head -c ${mostBytes} < "$1"
`;

export async function editFile(
  { path, old, replacement, all }: Omit<Wanted, "inside">,
  queue: PathQueue,
  context: ToolContext,
): Promise<ToolResult> {
  if (old === "") throw new AppError("usage", "old is empty.", { hint: "Use write_file for a new file." });
  if (old === replacement) throw new AppError("usage", "old and new are the same: nothing to change.");
  const { paths } = await context.sandbox();
  const inside = toInsidePath(path, paths);
  const wanted = { path, inside, old, replacement, all };
  return await queue.run(inside, () => edit(wanted, context));
}

interface Wanted {
  /** What the model called it, and its absolute path inside. */
  readonly path: string;
  readonly inside: string;
  readonly old: string;
  readonly replacement: string;
  readonly all: boolean;
}

async function edit(wanted: Wanted, context: ToolContext): Promise<ToolResult> {
  const { path, inside } = wanted;
  const output = await runInside(script, [inside], { limit: mostBytes + 100 }, context);
  const { header, body } = splitHeader(output);
  const [word = "", ...checksum] = header;
  const name = toVisibleLine(path, 200);
  const problem = word === "large" ? toTooLarge(name) : toFileProblem(word, path);
  if (problem !== undefined) throw problem;
  const { lines, content } = editBytes(body, wanted);
  refuseUnclear(lines, wanted, body);
  const bytes = content();
  await replaceFile({ path: inside, name: path, content: bytes, checksum: checksum.join(" ") }, context);
  return {
    content: `Edited ${name} at ${lines.length === 1 ? "line" : "lines"} ${listLines(lines)}.`,
    details: { replacements: lines.length, bytes: bytes.length },
  };
}

function toTooLarge(name: string): AppError {
  return new AppError("too-long", `${name} is larger than ${mostBytes} bytes.`, {
    hint: "Edit it with shell (sed, awk or a script).",
  });
}

function refuseUnclear(lines: readonly number[], { path, old, all }: Wanted, body: Uint8Array): void {
  const name = toVisibleLine(path, 200);
  if (lines.length === 0) {
    const nearest = isBinary(body) ? [] : findNearestLines(new TextDecoder().decode(body), old);
    throw new AppError("not-found", `old was not found in ${name}.`, {
      hint: nearest.length === 0 ? "Read the file again." : `The nearest lines are:\n${nearest.join("\n")}`,
    });
  }
  if (lines.length > 1 && !all) {
    throw new AppError(
      "conflict",
      `old stands ${lines.length} times in ${name}, at lines ${listLines(lines)}.`,
      { hint: "Give more of its surroundings, or all: true." },
    );
  }
}

function listLines(lines: readonly number[]): string {
  const shown = lines.slice(0, 20).join(", ");
  return lines.length > 20 ? `${shown}, …` : shown;
}

import { AppError } from "../../errors.ts";
import { toInsidePath } from "../inside-path.ts";
import type { ToolContext, ToolResult } from "../tool.ts";
import { toVisibleLine } from "../visible.ts";
import type { PathQueue } from "./path-queue.ts";
import { replaceFile } from "./replace-file.ts";

export async function writeFile(
  { path, content }: { readonly path: string; readonly content: string },
  queue: PathQueue,
  context: ToolContext,
): Promise<ToolResult> {
  if (path.endsWith("/")) throw new AppError("usage", "A file name cannot end in a slash.");
  const { paths } = await context.sandbox();
  const target = { path: toInsidePath(path, paths), name: path, content };
  const { previousBytes } = await queue.run(target.path, () => replaceFile(target, context));
  const bytes = Buffer.byteLength(content);
  const lines = countLines(content);
  const size = `${lines} ${lines === 1 ? "line" : "lines"}, ${bytes} bytes`;
  const name = toVisibleLine(path, 200);
  return {
    content:
      previousBytes === undefined
        ? `Created ${name} (${size}).`
        : `Replaced ${name} (${size}; it had ${previousBytes} bytes).`,
    details: { bytes, lines, replaced: previousBytes !== undefined },
  };
}

function countLines(content: string): number {
  if (content === "") return 0;
  return content.split("\n").length - (content.endsWith("\n") ? 1 : 0);
}

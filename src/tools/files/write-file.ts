import { AppError } from "../../errors.ts";
import { pathInput, toInsidePath, toPathTitle } from "../inside-path.ts";
import { defineTool } from "../schema.ts";
import type { Tool } from "../tool.ts";
import { toVisibleLine } from "../visible.ts";
import type { PathQueue } from "./path-queue.ts";
import { replaceFile } from "./replace-file.ts";

export function createWriteFile(queue: PathQueue): Tool {
  return defineTool({
    name: "write_file",
    description: "Write a whole file, making its folders and replacing what was there.",
    input: {
      type: "object",
      properties: { path: pathInput, content: { type: "string" } },
      required: ["path", "content"],
    },
    effect: "write",
    action: "files.write",
    bound: ["path"],
    title: ({ path }) => toPathTitle("write", path),
    async execute({ path, content }, context) {
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
    },
  });
}

function countLines(content: string): number {
  if (content === "") return 0;
  return content.split("\n").length - (content.endsWith("\n") ? 1 : 0);
}

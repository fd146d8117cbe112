import { pathInput, toPathTitle } from "../inside-path.ts";
import { defineTool } from "../schema.ts";
import type { Tool } from "../tool.ts";
import type { PathQueue } from "./path-queue.ts";

export function createEditFile(queue: PathQueue): Tool {
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
    bound: ["path"],
    title: ({ path }) => toPathTitle("edit", path),
    async execute({ path, old, new: replacement, all = false }, context) {
      const { editFile } = await import("./run-edit-file.ts");
      return await editFile({ path, old, replacement, all }, queue, context);
    },
  });
}

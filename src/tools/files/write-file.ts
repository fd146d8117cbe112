import { pathInput, toPathTitle } from "../inside-path.ts";
import { defineTool } from "../schema.ts";
import type { Tool } from "../tool.ts";
import type { PathQueue } from "./path-queue.ts";

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
      const { writeFile } = await import("./run-write-file.ts");
      return await writeFile({ path, content }, queue, context);
    },
  });
}

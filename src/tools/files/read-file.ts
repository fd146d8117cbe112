import { pathInput, toPathTitle } from "../inside-path.ts";
import { defineTool } from "../schema.ts";
import type { Tool } from "../tool.ts";
import type { ReadDocument } from "./read-document.ts";

const defaultLimit = 2000;

export function createReadFile(readDocument?: ReadDocument): Tool {
  return defineTool({
    name: "read_file",
    description:
      "Read a text file: one page of whole lines, with the way to the next. A picture is shown; of a PDF or office file, the text. Relative paths are in the workspace.",
    input: {
      type: "object",
      properties: {
        path: pathInput,
        offset: { type: "integer", minimum: 1, description: "first line, from 1" },
        limit: { type: "integer", minimum: 1, description: "number of lines" },
      },
      required: ["path"],
    },
    effect: "read",
    action: "files.read",
    title: ({ path }) => toPathTitle("read", path),
    async execute({ path, offset = 1, limit = defaultLimit }, context) {
      const { readFile } = await import("./run-read-file.ts");
      return await readFile({ path, offset, limit, readDocument }, context);
    },
  });
}

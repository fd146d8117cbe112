import { pathInput, toPathTitle } from "../inside-path.ts";
import { defineTool } from "../schema.ts";
import type { Tool } from "../tool.ts";

export function createListFiles(): Tool {
  return defineTool({
    name: "list_files",
    description:
      "List a folder (default: the workspace) with sizes; folders end in /. .git and node_modules are not entered.",
    input: {
      type: "object",
      properties: {
        path: pathInput,
        depth: { type: "integer", minimum: 1, maximum: 8, description: "levels, default 1" },
      },
    },
    effect: "read",
    action: "files.read",
    title: ({ path = "." }) => toPathTitle("ls", path),
    async execute({ path = ".", depth = 1 }, context) {
      const { listFiles } = await import("./run-list-files.ts");
      return await listFiles({ path, depth }, context);
    },
  });
}

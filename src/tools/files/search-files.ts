import { pathInput } from "../inside-path.ts";
import { defineTool } from "../schema.ts";
import type { Tool } from "../tool.ts";
import { toVisibleLine } from "../visible.ts";

export function createSearchFiles(): Tool {
  return defineTool({
    name: "search_files",
    description: "Search file contents by regular expression. Gives path:line: text.",
    input: {
      type: "object",
      properties: {
        pattern: { type: "string", minLength: 1, maxLength: 2000 },
        path: { ...pathInput, description: "file or folder, default the workspace" },
        glob: { type: "string", maxLength: 200, description: "as *.ts or src/**/*.{js,ts}" },
      },
      required: ["pattern"],
    },
    effect: "read",
    action: "files.read",
    title: ({ pattern }) =>
      typeof pattern === "string" ? `search ${toVisibleLine(JSON.stringify(pattern), 100)}` : "search",
    async execute({ pattern, path = ".", glob = "" }, context) {
      const { searchFiles } = await import("./run-search-files.ts");
      return await searchFiles({ pattern, path, glob }, context);
    },
  });
}

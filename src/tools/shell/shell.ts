import { defineTool } from "../schema.ts";
import type { Tool } from "../tool.ts";
import { toVisibleLine } from "../visible.ts";
import type { JobTable } from "./job-table.ts";

const defaultTimeout = 120;
const longestTimeout = 600;

/** Runs a command in the sandbox and waits for it, or leaves it to `jobs` and answers at once. */
export function createShell(jobs: JobTable): Tool {
  return defineTool({
    name: "shell",
    description:
      "Run a bash command in the workspace; stdout and stderr come together. When it ends, all its processes end: use background for servers and long work.",
    input: {
      type: "object",
      properties: {
        command: { type: "string", minLength: 1 },
        timeout: {
          type: "integer",
          minimum: 1,
          maximum: longestTimeout,
          description: `seconds, default ${defaultTimeout}`,
        },
        background: { type: "boolean", description: "return a job id at once; see job" },
      },
      required: ["command"],
    },
    effect: "execute",
    action: "command.run",
    title: ({ command }) => toShellTitle(command),
    async execute({ command, timeout = defaultTimeout, background = false }, context) {
      const { runShell } = await import("./run-shell.ts");
      const call = { command, title: toShellTitle(command), timeout, longestTimeout, background };
      return await runShell(call, jobs, context);
    },
  });
}

function toShellTitle(command: unknown): string {
  if (typeof command !== "string") return "shell";
  const [first = "", ...others] = command.trim().split("\n");
  return `$ ${toVisibleLine(first, 100)}${others.length === 0 ? "" : " …"}`;
}

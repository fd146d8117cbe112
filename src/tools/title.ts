import type { ToolCall } from "../providers/provider.ts";
import { peekArguments } from "./peek-arguments.ts";
import type { Tool } from "./tool.ts";
import { toVisibleLine } from "./visible.ts";

const longest = 120;

/** One harmless line for people, from arguments that nobody has checked. Never throws. */
export function toTitle(call: ToolCall, tool: Tool | undefined): string {
  const input = peekArguments(call.arguments);
  return toVisibleLine(askTool(tool, input) ?? toPlainTitle(call.name, input), longest);
}

function askTool(tool: Tool | undefined, input: Readonly<Record<string, unknown>>): string | undefined {
  try {
    return tool?.title?.(input);
  } catch {
    return tool?.name;
  }
}

/** `custom_tool("its first text")`, and `github::create_issue("…")` for a tool of an MCP server. */
function toPlainTitle(name: string, input: Readonly<Record<string, unknown>>): string {
  const shown = name.slice(0, 200).replace(/^mcp_([^_]+(?:_[^_]+)*?)__/, "$1::");
  const text = Object.values(input)[0];
  return typeof text === "string" ? `${shown}(${JSON.stringify(toVisibleLine(text, 80))})` : shown;
}

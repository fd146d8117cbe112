import { toOffered } from "./offered-schema.ts";
import type { ToolRunnerOptions } from "./run-call.ts";
import { toTitle } from "./title.ts";
import type { ToolRunner } from "./tool-runner.ts";

/** The tools of one turn behind one door: parse → authorize → execute → clip. Nothing of that is loaded before a call comes. */
export function createToolRunner(options: ToolRunnerOptions): ToolRunner {
  const tools = new Map(options.tools.map((tool) => [tool.name, tool]));
  if (tools.size < options.tools.length) throw new Error("Two tools have the same name.");
  return {
    definitions: options.tools.map(({ name, description, input }) => ({
      name,
      description,
      input: toOffered(input),
    })),
    title: (call) => toTitle(call, tools.get(call.name)),
    async run(call, progress, signal) {
      signal.throwIfAborted();
      const { runCall } = await import("./run-call.ts");
      return await runCall(call, tools, options, progress, signal);
    },
  };
}

import type { Tool, ToolContext } from "../tools/tool.ts";

/** Before the first of these calls `prepare` runs to its end, once; calls that come meanwhile wait for it too. */
export function guardTools(
  tools: readonly Tool[],
  prepare: (context: Pick<ToolContext, "signal">) => Promise<void>,
): Tool[] {
  let prepared: Promise<void> | undefined;
  return tools.map((tool) => {
    if (tool.effect !== "write" && tool.effect !== "execute") return tool;
    return {
      ...tool,
      async execute(input, context) {
        prepared ??= prepare(context);
        await prepared;
        context.signal.throwIfAborted();
        return await tool.execute(input, context);
      },
    };
  });
}

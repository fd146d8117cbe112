import { defineTool } from "../schema.ts";
import type { Tool } from "../tool.ts";
import { toVisibleLine } from "../visible.ts";

export interface DiagnoseHands {
  /** The life of this message, or of those that got no answer; how the program is; the end of its log; the doctor's findings if wished. */
  diagnose(
    wish: { readonly message: number | undefined; readonly checks: boolean },
    signal: AbortSignal,
  ): Promise<string>;
}

export function createDiagnose(hands: DiagnoseHands, main: string): Tool {
  return defineTool({
    name: "diagnose",
    description:
      "Find out what goes on in this program: its health, the end of its log, and why messages got no answer (or what became of one, by its number).",
    input: {
      type: "object",
      properties: {
        question: { type: "string" },
        message: { type: "integer", minimum: 1 },
        checks: { type: "boolean", description: "also examine set-up, model, sandbox, disk: takes seconds" },
      },
      required: ["question"],
    },
    effect: "read",
    action: () => ({ action: "diagnosis.read", group: main }),
    title: ({ question }) =>
      typeof question === "string" ? `diagnose ${toVisibleLine(question, 80)}` : "diagnose",
    async execute({ message, checks = false }, { signal }) {
      signal.throwIfAborted();
      return { content: await hands.diagnose({ message, checks }, signal) };
    },
  });
}

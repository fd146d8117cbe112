import { AppError } from "../../errors.ts";
import { defineTool } from "../schema.ts";
import { toDiff } from "../to-diff.ts";
import type { Tool } from "../tool.ts";

/** The file that every group's assistant is told first. */
export interface EveryoneEffects {
  read(): Promise<string>;
  /** Throws `AppError`: it is too long. */
  write(text: string): Promise<void>;
}

interface Wish {
  readonly old?: string | undefined;
  readonly new: string;
}

/** For main's assistant: what holds in every group, changed by the owner's yes to the lines that go and come. */
export function createInstructAll(effects: EveryoneEffects): Tool {
  return defineTool({
    name: "instruct_all",
    description:
      "Change what all groups are told (global/AGENTS.md): replaces old by new, or adds new. The owner sees it and says yes.",
    input: {
      type: "object",
      properties: { old: { type: "string" }, new: { type: "string" } },
      required: ["new"],
    },
    effect: "govern",
    action: "instructions.everywhere",
    diff: async (wish) => {
      const before = await effects.read();
      return toDiff(before, change(before, wish));
    },
    title: () => "instruct all groups",
    async execute(wish, { signal }) {
      signal.throwIfAborted();
      const after = change(await effects.read(), wish);
      await effects.write(after);
      return { content: `Done. It reads now:\n${after}` };
    },
  });
}

function change(before: string, { old, new: fresh }: Wish): string {
  if (old === undefined || old === "") return `${before.trimEnd()}\n${fresh.trim()}\n`.trimStart();
  const parts = before.split(old);
  if (parts.length === 2) return `${parts.join(fresh).trim()}\n`;
  const how = parts.length === 1 ? "does not stand" : "stands more than once";
  throw new AppError("not-found", `${JSON.stringify(old.slice(0, 200))} ${how} there. It reads:\n${before}`);
}

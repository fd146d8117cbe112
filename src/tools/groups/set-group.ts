import { defineTool } from "../schema.ts";
import type { Tool } from "../tool.ts";
import type { GroupHands } from "./group-hands.ts";
import { isInstruction, modeInput, showManner, toChange } from "./group-settings.ts";

/** A group's own settings, for every assistant but main's: of itself, and only by the owner's word. */
export function createSetGroup(hands: Pick<GroupHands, "set" | "manner">, group: string): Tool {
  return defineTool({
    name: "set_group",
    description:
      "Change for this group, when its owner asks: its name (trigger), when it answers, its greeting, its style.",
    input: {
      type: "object",
      properties: {
        trigger: { type: "string", description: "@name you are called by" },
        mode: modeInput,
        greeting: { type: "string" },
        style: { type: "string", description: "how you should answer" },
      },
    },
    effect: "govern",
    action: (wish) => ({ action: isInstruction(wish) ? "group.instruct" : "group.set" }),
    diff: async (wish) => await showManner(hands, group, wish),
    title: (input) =>
      ["set group", ...["trigger", "mode", "greeting", "style"].filter((name) => name in input)].join(" "),
    async execute({ trigger, mode, greeting, style }, { signal }) {
      signal.throwIfAborted();
      // By name: what is not in the schema, such as a model, is not the group's to choose.
      return { content: await hands.set(group, toChange({ trigger, mode, greeting, style })) };
    },
  });
}

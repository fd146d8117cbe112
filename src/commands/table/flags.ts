import type { FlagSpec } from "../arguments.ts";

export const json: FlagSpec = { name: "json", says: "Print JSON instead of text." };

export const group: FlagSpec = {
  name: "group",
  short: "g",
  value: "GROUP",
  says: "Of this group (default: main).",
};

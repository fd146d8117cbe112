import type { Instruction } from "../agent/context.ts";
import { readEverywhere } from "../agent/read-everywhere.ts";
import { readInstructions } from "../agent/instructions.ts";
import { toInstructions } from "../agent/manner.ts";
import { readAlways } from "../memory/always.ts";
import { readGroupSettings } from "../store/group-settings.ts";
import type { Group } from "../store/groups.ts";
import type { Store } from "../store/store.ts";

export interface InstructionPlace {
  readonly store: Store;
  readonly group: Group;
  /** Where the owner's instruction files of the group lie. */
  readonly folder: string;
}

/** What a group's assistant is told before its first word: the owner's files, its manner, what it holds always. */
export async function readGroupInstructions({
  store: { database, folder: home },
  group,
  folder,
}: InstructionPlace): Promise<readonly Instruction[]> {
  const always = await readAlways(database, group.id);
  const everywhere = await readEverywhere(`${home}/global/AGENTS.md`);
  return [
    ...(everywhere.trim() === "" ? [] : [{ name: "For all groups", text: everywhere }]),
    ...(await readInstructions(folder)),
    ...toInstructions(await readGroupSettings(database, group.id)),
    ...(always === undefined ? [] : [{ name: "What you hold always", text: always }]),
  ];
}

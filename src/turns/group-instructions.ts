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
  const [always, everywhere, own, settings] = await Promise.all([
    readAlways(database, group.id),
    readEverywhere(`${home}/global/AGENTS.md`),
    readInstructions(folder),
    readGroupSettings(database, group.id),
  ]);
  return [
    ...(everywhere.trim() === "" ? [] : [{ name: "For all groups", text: everywhere }]),
    ...own,
    ...toInstructions(settings),
    ...(always === undefined ? [] : [{ name: "What you hold always", text: always }]),
  ];
}

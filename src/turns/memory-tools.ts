import { parseTaintBits, toTaintBits } from "../authority/taint.ts";
import type { Clock } from "../clock.ts";
import { readEverywhere } from "../agent/read-everywhere.ts";
import type { Found, GroupMemory } from "../memory/group-memory.ts";
import { mainGroup, type Group } from "../store/groups.ts";
import type { Store } from "../store/store.ts";
import { createInstructAll } from "../tools/groups/instruct-all.ts";
import { createMemoryTools } from "../tools/memory/memory-tools.ts";
import type { TurnParty } from "./turn-party.ts";
import type { MoreTools } from "./session-tools.ts";

/** The memory of a group as tools of its turns: what is kept carries what the turn had seen, and what is found is seen. */
export function createGroupMemoryTools(store: Store, group: Group, clock: Clock): MoreTools {
  // Loaded when something is remembered or looked for: most turns do neither.
  const load = async (): Promise<GroupMemory> => {
    const memory = await import("../memory/group-memory.ts");
    return new memory.GroupMemory(store, group, clock);
  };
  const path = `${store.folder}/global/AGENTS.md`;
  return (party) => [
    ...createMemoryTools({
      remember: async (text, isAlways) => {
        const { turn, taint } = party();
        const memory = await load();
        return Number(await memory.remember({ text, isAlways, turn, taint: toTaintBits(taint.current) }));
      },
      recall: async (query, limit, signal) => {
        return see(await (await load()).recall(query, limit, signal), party());
      },
      listSaid: async (days, limit) => see(await (await load()).listSaid(days, limit), party()),
      forget: async (note) => (await (await load()).forget(note)).text,
    }),
    ...(group.name === mainGroup
      ? [
          createInstructAll({
            read: () => readEverywhere(path),
            write: async (text) =>
              await (await import("../agent/write-everywhere.ts")).writeEverywhere(path, text),
          }),
        ]
      : []),
  ];
}

/** What they were made of has been seen then. */
function see(found: readonly Found[], { taint: own }: TurnParty): readonly string[] {
  for (const { taint } of found) own.add(parseTaintBits(taint));
  return found.map(toLine);
}

function toLine({ kind, number, by, text, at, taint }: Found): string {
  const place = kind === "memory" ? `note ${number}` : `conversation ${number}, ${by}`;
  const doubt = parseTaintBits(taint).sawUntrusted ? ", made where strangers' words had been seen" : "";
  return `[${at.toISOString().slice(0, 10)}, ${place}${doubt}] ${text.replace(/\s+/g, " ")}`;
}

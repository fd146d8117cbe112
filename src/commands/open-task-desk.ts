import { findHome } from "../home.ts";
import { TaskZones } from "../scheduler/task-zone.ts";
import type { TaskClerk } from "../scheduler/task-desk.ts";
import type { Database } from "../store/database.ts";
import { findGateway } from "../store/gateway-lock.ts";
import { getGroup, mainGroup, type Group } from "../store/groups.ts";
import { isProcessAlive } from "../store/holder.ts";
import type { ParsedArguments } from "./arguments.ts";
import { wakeGateway } from "./attach.ts";
import type { CommandIo } from "./command-io.ts";
import { openOwnStore } from "./own-store.ts";
import { findTimeZone } from "./time-zone.ts";

/** The tasks of a group, for the owner at the terminal; holds the store open. */
export interface TaskDesk extends AsyncDisposable {
  readonly database: Database;
  readonly zones: TaskZones;
  readonly group: Group;
  readonly clerkOf: (group: Group) => TaskClerk;
  /** The gateway that runs looks at once. False: none does. */
  readonly wake: (group: string) => Promise<boolean>;
}

/** What the owner writes himself may be as dense as he likes. */
const leastMs = 1000;

export async function openTaskDesk(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<TaskDesk> {
  await using scope = new AsyncDisposableStack();
  const store = scope.use(await openOwnStore(io, signal));
  const { database } = store;
  const group = await getGroup(database, args.value("group") ?? mainGroup);
  const zones = new TaskZones((await findTimeZone(io.env)).name);
  const creator = { kind: "owner", person: undefined, isAgent: false } as const;
  const held = scope.move();
  return {
    database,
    zones,
    group,
    clerkOf: (of) => ({ group: of, creator, taint: 0, chat: undefined, leastMs }),
    wake: async (name) =>
      (await wakeGateway(findHome(io.env), name)) ||
      (await findGateway(database, isProcessAlive)) !== undefined,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

import { systemClock } from "../../src/clock.ts";
import { createGroup } from "../../src/groups/change-groups.ts";
import { findHome, prepareHome } from "../../src/home.ts";
import { readOwnHolder } from "../../src/store/holder.ts";
import { openStore } from "../../src/store/store.ts";
import type { ProgramBench } from "./program-bench.ts";

/** As `groups add` makes them, by one process instead of one for each. */
export async function addGroups({ env }: Pick<ProgramBench, "env">, names: readonly string[]): Promise<void> {
  const home = findHome(env);
  await prepareHome(home.root);
  const options = { folder: home.root, clock: systemClock };
  await using store = await openStore(options, new AbortController().signal);
  const place = { store, home, clock: systemClock, readHolder: readOwnHolder, allow: async () => {} };
  for (const name of names) await createGroup({ name }, place);
}

import { systemClock } from "../clock.ts";
import type { GroupsPlace } from "../groups/groups-place.ts";
import { findHome } from "../home.ts";
import { readOwnHolder } from "../store/holder.ts";
import type { Store } from "../store/store.ts";
import type { CommandIo } from "./command-io.ts";

/** Groups as the owner changes them at the terminal. */
export function toGroupsPlace(store: Store, io: CommandIo, allow: GroupsPlace["allow"]): GroupsPlace {
  return { store, home: findHome(io.env), clock: systemClock, readHolder: readOwnHolder, allow };
}

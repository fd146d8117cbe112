import { systemClock } from "../../src/clock.ts";
import { getGroup } from "../../src/store/groups.ts";
import { isProcessAlive, readOwnHolder } from "../../src/store/holder.ts";
import { takeLease } from "../../src/store/leases.ts";
import { openStore } from "../../src/store/store.ts";

/** Tries once for the lease of main, says how it went, and holds on until it is killed or its input ends. */
const store = await openStore(
  { folder: process.argv[2] ?? "", clock: systemClock },
  new AbortController().signal,
);
const holder = await readOwnHolder();
const group = await getGroup(store.database, "main");
const lease = await store.database.transaction((tx) =>
  takeLease(tx, group.id, holder, { now: Date.now(), isAlive: isProcessAlive }),
);
console.log(lease.type);
await Bun.stdin.text();

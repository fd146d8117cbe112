import type { Clock } from "../clock.ts";
import type { HomePaths } from "../home.ts";
import type { Transaction } from "../store/database.ts";
import type { Holder } from "../store/holder.ts";
import type { Store } from "../store/store.ts";

/** What changes groups as a whole: their rows and their folders. */
export interface GroupsPlace {
  readonly store: Store;
  readonly home: Pick<HomePaths, "root" | "groups" | "templates">;
  readonly clock: Clock;
  readonly readHolder: () => Promise<Holder>;
  /** Decides and records, in the transaction with what it allows. Throws `AppError("denied")`. */
  readonly allow: (tx: Transaction) => Promise<void>;
}

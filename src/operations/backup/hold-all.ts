import { AppError } from "../../errors.ts";
import { listGroups } from "../../store/groups.ts";
import type { Holder, IsAlive } from "../../store/holder.ts";
import { takeLease } from "../../store/leases.ts";
import type { Store } from "../../store/store.ts";
import { backupWords } from "../../words/english/backup.ts";

export interface HoldOptions {
  readonly holder: Holder;
  readonly now: number;
  readonly isAlive: IsAlive;
}

/** Takes every group's lease at once, or none: throws `AppError("conflict")` naming who is at work. */
export async function holdAll({ database }: Store, options: HoldOptions): Promise<void> {
  const groups = await listGroups(database);
  await database.transaction(async (tx) => {
    for (const group of groups) {
      const lease = await takeLease(tx, group.id, options.holder, options);
      if (lease.type === "held") throw new AppError("conflict", backupWords.inUse({ pid: lease.pid }));
    }
  });
}

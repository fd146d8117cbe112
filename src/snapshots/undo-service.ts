import { clean } from "../authority/taint.ts";
import { AppError } from "../errors.ts";
import type { Holder } from "../store/holder.ts";
import { listSnapshots } from "../store/snapshots.ts";
import type { Store } from "../store/store.ts";
import { holdGroup } from "./group-lease.ts";
import { GroupSnapshots } from "./group-snapshots.ts";
import { Undo, type UndoOptions } from "./undo.ts";
import { formatChanges, formatPlan, formatResult, formatSnapshot } from "./undo-words.ts";

/** What can be undone in a group, and the undoing, in words for its owner. */
export interface UndoService {
  /** The newest first, one line each. */
  list(): Promise<readonly string[]>;
  /** Undefined: nothing to undo. `wish` is a number of the list or a time; without one, the last turn that changed something. */
  prepare(
    wish: string | undefined,
    onWait: (pid: number) => Promise<void>,
    signal: AbortSignal,
  ): Promise<PreparedUndo | undefined>;
}

/** Until it is disposed of, no turn of the group runs. */
export interface PreparedUndo extends AsyncDisposable {
  /** The number of the moment to go back to. */
  readonly target: number;
  /** What it would do. */
  readonly summary: string;
  /** The same, one line a file. */
  readonly changes: readonly string[];
  /** Does it and says so. */
  apply(signal: AbortSignal): Promise<string>;
}

export interface UndoServiceOptions extends Omit<UndoOptions, "database"> {
  readonly store: Store;
  readonly holder: Holder;
}

export function createUndoService(options: UndoServiceOptions): UndoService {
  const { store, group, clock, authority, actor } = options;
  async function allowReading(): Promise<void> {
    const decision = await authority.decide(
      actor,
      "files.read",
      { group: group.name, name: "snapshots" },
      clean,
    );
    if (decision.verdict !== "allow") throw new AppError("denied", decision.reason);
  }
  return {
    async list() {
      await allowReading();
      const now = new Date(clock.now());
      return (await listSnapshots(store.database, group.id)).map((snapshot) => formatSnapshot(snapshot, now));
    },
    async prepare(wish, onWait, signal) {
      await allowReading();
      await using scope = new AsyncDisposableStack();
      const lease = scope.use(await holdGroup({ ...options, onWait }, signal));
      const undoOptions = { ...options, database: store.database };
      const undo = scope.use(new Undo(undoOptions, new GroupSnapshots(undoOptions), lease));
      const plan = await undo.plan(wish, signal);
      if (plan === undefined) return undefined;
      const opened = scope.move();
      const now = new Date(clock.now());
      return {
        target: plan.target.id,
        summary: formatPlan(plan, now),
        changes: formatChanges(plan),
        apply: async (applySignal) => formatResult(await undo.apply(applySignal), now),
        [Symbol.asyncDispose]: () => opened.disposeAsync(),
      };
    },
  };
}

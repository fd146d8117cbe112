import { AppError, explain } from "../errors.ts";
import type { Log } from "../log.ts";
import type { SandboxMount, ToolSandbox } from "../sandbox/sandbox.ts";
import type { TurnId } from "../store/ids.ts";
import { findNewestSnapshot } from "../store/snapshots.ts";
import type { Listed } from "./commit-snapshot.ts";
import { GroupSnapshots, type GroupSnapshotsOptions } from "./group-snapshots.ts";
import { turnLimits, type SnapshotLimits } from "./limits.ts";
import { toRoots } from "./roots.ts";

/** A turn that has the group's lease and is about to write for the first time. */
export interface WritingTurn {
  readonly turn: TurnId;
  readonly epoch: number;
  readonly sandbox: ToolSandbox;
  /** Tells the person. */
  readonly notice: (text: string) => Promise<void>;
}

/** Asked before the first call of a turn that can write. */
export type KeepFiles = (turn: WritingTurn, signal: AbortSignal) => Promise<void>;

export interface TurnSnapshotsOptions extends GroupSnapshotsOptions {
  /** Of the turn's sandbox. */
  readonly mounts: readonly SandboxMount[];
  readonly log: Log;
  readonly limits?: SnapshotLimits;
}

/**
 * Keeps what a turn is about to change. What can't be kept is said once, and the turn goes on. Rejects only with
 * `signal.reason`, or when the group is not ours any more.
 */
export function createKeepFiles(options: TurnSnapshotsOptions): KeepFiles {
  const { limits = turnLimits, database, group, mounts, log } = options;
  const snapshots = new GroupSnapshots(options);
  return async ({ turn, epoch, sandbox, notice }, signal) => {
    const { problem } = await findNewestSnapshot(database, group.id);
    const request = { sandbox, roots: toRoots(sandbox.paths, mounts), limits, signal };
    await snapshots.tidy();
    const result = await snapshots.capture(request).catch((error: unknown) => toFailure(error, log, signal));
    await snapshots.commit({ epoch, cause: { turn }, result, limits });
    if (result.problem !== undefined && result.problem !== problem) await notice(toWords(result));
  };
}

interface Failed {
  readonly type: "failed";
  readonly problem: string;
}

function toFailure(error: unknown, log: Log, signal: AbortSignal): Failed {
  if (signal.aborted) throw signal.reason;
  if (!(error instanceof AppError)) log.error("a snapshot failed in a way nobody foresaw", { error });
  return { type: "failed", problem: explain(error).message.replace(/\.$/, "") };
}

function toWords(result: Listed | Failed): string {
  return result.type === "failed"
    ? `Undo will not work for this turn: ${result.problem}.`
    : `Undo can't bring back ${result.problem ?? ""}.`;
}

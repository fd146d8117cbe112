import type { Actor } from "../authority/actor.ts";
import type { Authority } from "../authority/decision.ts";
import { parseTaintBits } from "../authority/taint.ts";
import { AppError } from "../errors.ts";
import type { Sandbox, SandboxMount } from "../sandbox/sandbox.ts";
import { appendEntries } from "../store/entries.ts";
import { listSnapshots, type Snapshot } from "../store/snapshots.ts";
import { listSessionsSince } from "../store/turns.ts";
import { undoWords } from "../words/english/undo.ts";
import { findChanges, type Change } from "./changes.ts";
import type { Listed } from "./commit-snapshot.ts";
import type { GroupLease } from "./group-lease.ts";
import type { GroupSnapshots, GroupSnapshotsOptions } from "./group-snapshots.ts";
import { undoLimits } from "./limits.ts";
import type { Manifest } from "./manifest.ts";
import { openClosed } from "./open-closed.ts";
import { findTarget, walkBack } from "./pick-target.ts";
import { restoreTree } from "./restore.ts";
import { toRoots } from "./roots.ts";

export interface UndoOptions extends GroupSnapshotsOptions {
  readonly authority: Authority;
  readonly actor: Actor;
  /** A sandbox of the group with these shared folders, for the undo alone. */
  readonly openSandbox: (mounts: readonly SandboxMount[]) => Promise<Sandbox>;
  /** Why a folder that was shared for writing may not be shared now; nothing when it may. */
  readonly refuseShare: (source: string) => Promise<string | undefined>;
  /** What runs in the background and is ours. */
  readonly jobs: BackgroundJobs;
}

export interface BackgroundJobs {
  count(): number;
  end(): Promise<void>;
}

/** One moment to go back to, and what that would change. */
export interface UndoPlan {
  readonly target: Snapshot;
  readonly changes: readonly Change[];
  /** Shared folders that can't be put back now, and why. */
  readonly refused: readonly string[];
  /** How many running jobs it would end. */
  readonly jobs: number;
}

export interface UndoResult extends UndoPlan {
  /** What was there before the undo: to go back to, too. */
  readonly saved: Snapshot["id"];
  /** What something else kept changing meanwhile. */
  readonly unsettled: readonly Change[];
}

/** A file may be written again while it is put back; then it is put back again. */
const mostPasses = 3;
const restoreMs = 300_000;

/** An undo under the group's lease: first what it would do, then, if the person wants it, the doing. */
export class Undo implements AsyncDisposable {
  readonly #options: UndoOptions;
  readonly #snapshots: GroupSnapshots;
  readonly #lease: Pick<GroupLease, "epoch">;
  readonly #scope = new AsyncDisposableStack();
  #work: Work | undefined;

  constructor(options: UndoOptions, snapshots: GroupSnapshots, lease: Pick<GroupLease, "epoch">) {
    this.#options = options;
    this.#snapshots = snapshots;
    this.#lease = lease;
    this.#scope.defer(() => this.#snapshots.tidy());
  }

  /** Undefined: there is nothing to undo. `wish` is a number or a time. Throws `AppError` for one that does not exist. */
  async plan(wish: string | undefined, signal: AbortSignal): Promise<UndoPlan | undefined> {
    const { database, group, clock } = this.#options;
    await this.#snapshots.tidy();
    const all = await listSnapshots(database, group.id);
    const targets = wish === undefined ? walkBack(all) : [findTarget(all, wish, new Date(clock.now()))];
    for (const target of targets) {
      const work = await this.#open(target, signal);
      if (wish === undefined && !work.changes.some(isDoable)) continue;
      return { target, changes: work.changes, refused: work.refused, jobs: this.#options.jobs.count() };
    }
    return undefined;
  }

  /** Does what was planned. What is there now is kept first. Cut short, it can be run again. */
  async apply(signal: AbortSignal): Promise<UndoResult> {
    const work = this.#work;
    if (work === undefined) throw new Error("an undo is planned before it is applied");
    const { target, manifest } = work;
    const jobs = this.#options.jobs.count();
    await this.#options.jobs.end();
    const captured = await openClosed(
      manifest,
      work.sandbox,
      (previous) => this.#look(work, previous ?? work.now, signal),
      signal,
    );
    const saved = await this.#save(target, await this.#snapshots.toListed(captured));
    let changes = await this.#withoutDamaged(findChanges(manifest, captured.manifest));
    const planned = changes;
    const damaged = new Set(changes.filter(({ obstacle }) => obstacle === "damaged").map(toKey));
    let now = captured.manifest;
    for (let pass = 0; pass < mostPasses && changes.some(isDoable); pass++) {
      await this.#restore(work, now, changes, signal);
      now = (await this.#look(work, now, signal)).manifest;
      changes = findChanges(manifest, now).filter((change) => !damaged.has(toKey(change)));
    }
    await this.#tellSessions(target);
    const unsettled = changes.filter(isDoable);
    return { target, changes: planned, refused: work.refused, jobs, saved, unsettled };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#scope.disposeAsync();
  }

  /** Looks at what is there now through a sandbox that has the folders of the target. */
  async #open(target: Snapshot, signal: AbortSignal): Promise<Work> {
    const manifest = await this.#load(target);
    const sources = manifest.trees.flatMap(({ root }) => root.source ?? []);
    const allowed: string[] = [];
    const refused: string[] = [];
    for (const source of sources) {
      const reason = await this.#options.refuseShare(source);
      if (reason === undefined) allowed.push(source);
      else refused.push(reason);
    }
    const mounts = allowed.map((source, index) => ({ name: `shared-${index + 1}`, source, canWrite: true }));
    const before = this.#work;
    const isSame = before?.mounts.map(({ source }) => source).join("\0") === allowed.join("\0");
    if (!isSame) await before?.sandbox[Symbol.asyncDispose]();
    const sandbox =
      before !== undefined && isSame
        ? before.sandbox
        : this.#scope.use(await this.#options.openSandbox(mounts));
    const known = before?.now;
    const opened = { target, manifest, sandbox, mounts, refused };
    const { manifest: now } = await this.#look(opened, known, signal);
    this.#work = { ...opened, now, changes: findChanges(manifest, now) };
    return this.#work;
  }

  async #load(target: Snapshot): Promise<Manifest> {
    const manifest = await this.#snapshots.load(target);
    if (manifest !== undefined) return manifest;
    const { problem } = target;
    throw new AppError(
      "not-found",
      problem === undefined ? undoWords.damaged() : undoWords.notKept({ reason: problem }),
    );
  }

  async #look({ sandbox, mounts }: Opened, previous: Manifest | undefined, signal: AbortSignal) {
    const roots = toRoots(sandbox.paths, mounts);
    const known = previous === undefined ? {} : { previous };
    return await this.#snapshots.capture({ sandbox, roots, limits: undoLimits, ...known, signal });
  }

  /** The decision, then the snapshot of what is there now, are on disk before anything is touched. */
  async #save({ id, at }: Snapshot, result: Listed): Promise<Snapshot["id"]> {
    const { authority, actor, group } = this.#options;
    const object = { group: group.name, name: `snapshot ${id} of ${at.toISOString()}` };
    const decision = await authority.decide(actor, "files.restore", object, parseTaintBits(group.taint));
    if (decision.verdict !== "allow") throw new AppError("denied", decision.reason);
    const request = { epoch: this.#lease.epoch, cause: { restored: id }, result, limits: undoLimits };
    return (await this.#snapshots.commit(request)).id;
  }

  /** Nothing is taken away for the sake of a content that is not there. */
  async #withoutDamaged(changes: readonly Change[]): Promise<Change[]> {
    const checked: Change[] = [];
    for (const change of changes) {
      const { before, obstacle } = change;
      const isNeeded = obstacle === undefined && before?.type === "file" && before.content.type === "kept";
      const isGood =
        !isNeeded || (await this.#snapshots.store.isIntact({ hash: before.content.hash, size: before.size }));
      checked.push(isGood ? change : { ...change, obstacle: "damaged" });
    }
    return checked;
  }

  async #restore(work: Work, now: Manifest, changes: readonly Change[], signal: AbortSignal): Promise<void> {
    const options = { sandbox: work.sandbox, store: this.#snapshots.store, timeoutMs: restoreMs };
    for (const tree of work.manifest.trees) {
      const current = now.trees.find(({ root }) => root.source === tree.root.source);
      if (current !== undefined) await restoreTree(tree, current, changes, options, signal);
    }
  }

  /** The model must not go on believing in what it wrote. */
  async #tellSessions({ at }: Snapshot): Promise<void> {
    const { database, group, clock } = this.#options;
    const text = `[The owner has put the files back as they were at ${at.toISOString()}. What was done to them since is undone: look again before you rely on it.]`;
    const message = { role: "user", content: [{ type: "text", text }] } as const;
    await database.transaction(async (tx) => {
      for (const session of await listSessionsSince(tx, group.id, at.getTime())) {
        await appendEntries(tx, [{ kind: "notice", message, taint: 0 }], { session, now: clock.now() });
      }
    });
  }
}

interface Opened {
  readonly target: Snapshot;
  readonly manifest: Manifest;
  readonly sandbox: Sandbox;
  readonly mounts: readonly SandboxMount[];
  readonly refused: readonly string[];
}

interface Work extends Opened {
  readonly now: Manifest;
  readonly changes: readonly Change[];
}

function isDoable({ obstacle }: Change): boolean {
  return obstacle === undefined;
}

function toKey({ source, path }: Change): string {
  return `${source ?? ""}\0${path}`;
}

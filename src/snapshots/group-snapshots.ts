import type { Clock } from "../clock.ts";
import type { Database } from "../store/database.ts";
import type { Group } from "../store/groups.ts";
import { listContentHashes } from "../store/snapshot-contents.ts";
import { findNewestSnapshot, type Snapshot } from "../store/snapshots.ts";
import type { ToolSandbox } from "../sandbox/sandbox.ts";
import { capture, type Capture } from "./capture.ts";
import { describeMissing } from "./change-words.ts";
import {
  commitSnapshot,
  type CommittedSnapshot,
  type Listed,
  type PreviousSnapshot,
  type SnapshotToCommit,
} from "./commit-snapshot.ts";
import { ContentStore } from "./content-store.ts";
import type { SnapshotLimits } from "./limits.ts";
import { loadManifest, packManifest, type Manifest } from "./manifest.ts";
import type { Root } from "./tree.ts";

export interface GroupSnapshotsOptions {
  readonly database: Database;
  readonly group: Group;
  /** Of the group, outside of every sandbox. */
  readonly folder: string;
  readonly clock: Clock;
}

/** Who has the group's lease takes its snapshots; nobody else may. */
export interface CaptureRequest {
  readonly sandbox: ToolSandbox;
  readonly roots: readonly Root[];
  readonly limits: SnapshotLimits;
  /** What is known already; the newest snapshot by default. */
  readonly previous?: Manifest;
  readonly signal: AbortSignal;
}

export interface CommitRequest extends Pick<SnapshotToCommit, "epoch" | "cause" | "result"> {
  readonly limits: SnapshotLimits;
}

/** The snapshots of one group: the rows in the database and the contents on disk, kept together. */
export class GroupSnapshots {
  readonly store: ContentStore;
  readonly #options: GroupSnapshotsOptions;
  /** The last list that was read or written: reading a long one again costs milliseconds. */
  #loaded: { readonly hash: string; readonly manifest: Manifest } | undefined;

  constructor(options: GroupSnapshotsOptions) {
    this.#options = options;
    this.store = new ContentStore(options.folder);
  }

  /** Keeps what stands in `roots` now. It is no snapshot before `commit`; without one, `tidy` forgets it. */
  async capture({ signal, ...request }: CaptureRequest): Promise<Listed> {
    const previous = request.previous ?? (await this.#findPrevious())?.manifest;
    const options = { ...request, clock: this.#options.clock, previous, store: this.store };
    return await this.toListed(await capture(options, signal));
  }

  /** With its list kept too. */
  async toListed(captured: Capture): Promise<Listed> {
    const list = await this.store.keepBytes(packManifest(captured.manifest));
    return { type: "listed", ...captured, list, problem: describeMissing(captured.manifest) };
  }

  /** Makes it the newest snapshot; then the contents that are not needed any more go. */
  async commit({ limits, ...request }: CommitRequest): Promise<CommittedSnapshot> {
    const { database, group, clock } = this.#options;
    const { result } = request;
    const previous = await this.#findPrevious();
    const now = result.type === "listed" ? result.manifest.at : clock.now();
    const { retention } = limits;
    const committed = await database.transaction((tx) =>
      commitSnapshot(tx, { ...request, group: group.id, previous, retention, now }),
    );
    this.store.remove(committed.gone);
    if (result.type === "listed") {
      this.store.finish();
      this.#loaded = { hash: result.list.hash, manifest: result.manifest };
    }
    return committed;
  }

  /** Removes what no snapshot needs, if there may be such a thing. */
  async tidy(): Promise<void> {
    if (!this.store.isUnfinished) return;
    const { database, group } = this.#options;
    this.store.sweep(await listContentHashes(database, group.id));
    this.store.finish();
  }

  /** The list of a snapshot, unless it was damaged. */
  async load({ manifest: hash, at }: Pick<Snapshot, "manifest" | "at">): Promise<Manifest | undefined> {
    if (hash === undefined) return undefined;
    if (this.#loaded?.hash !== hash) {
      const manifest = await loadManifest(this.store, hash, at.getTime());
      this.#loaded = manifest === undefined ? undefined : { hash, manifest };
    }
    return this.#loaded === undefined ? undefined : { ...this.#loaded.manifest, at: at.getTime() };
  }

  async #findPrevious(): Promise<PreviousSnapshot | undefined> {
    const { database, group } = this.#options;
    const { listed } = await findNewestSnapshot(database, group.id);
    const manifest = listed === undefined ? undefined : await this.load(listed);
    return listed === undefined || manifest === undefined ? undefined : { snapshot: listed, manifest };
  }
}

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createTerminalOwner } from "../../src/authority/actor.ts";
import { createAuthority } from "../../src/authority/authority.ts";
import { systemClock } from "../../src/clock.ts";
import { silentLog } from "../../src/log.ts";
import { createBubblewrap } from "../../src/sandbox/bubblewrap/runtime.ts";
import type { Sandbox, SandboxMount } from "../../src/sandbox/sandbox.ts";
import { holdGroup } from "../../src/snapshots/group-lease.ts";
import { turnLimits, type SnapshotLimits } from "../../src/snapshots/limits.ts";
import { createKeepFiles } from "../../src/snapshots/turn-snapshots.ts";
import { createUndoService, type UndoService } from "../../src/snapshots/undo-service.ts";
import { getGroup, mainGroup, type Group } from "../../src/store/groups.ts";
import { readOwnHolder } from "../../src/store/holder.ts";
import { ensureCurrentSession } from "../../src/store/sessions.ts";
import type { Store } from "../../src/store/store.ts";
import { beginTurn, finishTurn } from "../../src/store/turns.ts";
import { openReadyStore } from "./ready-database.ts";
import { SandboxBench, shell } from "./sandbox-bench.ts";

export interface UndoBenchOptions {
  /** Where another bench stands already; it stays. */
  readonly root?: string;
  readonly mounts?: readonly SandboxMount[];
  readonly limits?: Partial<SnapshotLimits>;
  /** Hidden in the mounts from the group, and no longer from the undo. */
  readonly hiddenNames?: readonly string[];
}

/** A group's real sandbox, store and snapshots, without a model: turns are told what they do. */
export class UndoBench implements AsyncDisposable {
  readonly root: string;
  readonly store: Store;
  readonly group: Group;
  readonly sandbox: Sandbox;
  readonly undo: UndoService;
  /** What the person was told by turns. */
  readonly notices: string[] = [];
  readonly #scope: AsyncDisposableStack;
  readonly #options: UndoBenchOptions;

  static async open(options: UndoBenchOptions = {}): Promise<UndoBench> {
    const scope = new AsyncDisposableStack();
    const bench =
      options.root === undefined
        ? scope.use(await SandboxBench.create(createBubblewrap()))
        : new SandboxBench(createBubblewrap(), options.root);
    const home = join(bench.root, "home");
    mkdirSync(home, { recursive: true, mode: 0o700 });
    const store = scope.use(await openReadyStore({ folder: home, clock: systemClock }, never));
    const group = await getGroup(store.database, mainGroup);
    const spec = await bench.group(mainGroup, options.mounts ?? []);
    const readHiddenNames = async () => options.hiddenNames ?? [];
    const sandbox = scope.use(await bench.runtime.open({ ...spec, readHiddenNames }));
    const undo = createUndoService({
      store,
      group,
      authority: createAuthority({ database: store.database, clock: systemClock }),
      actor: createTerminalOwner(0, group.name),
      holder: await readOwnHolder(),
      clock: systemClock,
      folder: join(home, "snapshots"),
      jobs: { count: () => 0, end: async () => {} },
      openSandbox: (mounts) =>
        bench.runtime.open({
          ...spec,
          home: `${spec.home}-undo`,
          temporary: `${spec.temporary}-undo`,
          mounts,
        }),
      refuseShare: async () => undefined,
    });
    return new UndoBench({ root: bench.root, store, group, sandbox, undo, scope, options });
  }

  constructor(parts: Parts) {
    this.root = parts.root;
    this.store = parts.store;
    this.group = parts.group;
    this.sandbox = parts.sandbox;
    this.undo = parts.undo;
    this.#scope = parts.scope;
    this.#options = parts.options;
  }

  get snapshots(): string {
    return join(this.root, "home", "snapshots");
  }

  /** Runs a line of shell as a turn does: what it may change is kept before. */
  async turn(line: string): Promise<void> {
    await this.keep();
    const { code, stderr } = await this.run(line);
    if (code !== 0) throw new Error(`${line}: ${stderr}`);
  }

  /** The first half of a turn. */
  async keep(signal: AbortSignal = never): Promise<void> {
    const { store, group, sandbox } = this;
    const keepFiles = createKeepFiles({
      database: store.database,
      group,
      folder: this.snapshots,
      mounts: this.#options.mounts ?? [],
      clock: systemClock,
      log: silentLog,
      limits: { ...turnLimits, ...this.#options.limits },
    });
    await using lease = await holdGroup(
      { store, group, holder: await readOwnHolder(), clock: systemClock, onWait: async () => {} },
      signal,
    );
    const now = Date.now();
    const { epoch } = lease;
    const turn = await store.database.transaction(async (tx) => {
      const session = await ensureCurrentSession(tx, group.id, now);
      return await beginTurn(tx, {
        group: group.id,
        session: session.id,
        epoch,
        model: "test",
        taint: 0,
        now,
      });
    });
    const notice = async (text: string): Promise<void> => void this.notices.push(text);
    await keepFiles({ turn, epoch, sandbox, notice }, signal);
    const result = { state: "done", text: "", taint: 0, now: Date.now() } as const;
    await store.database.transaction((tx) => finishTurn(tx, turn, result));
  }

  /** Runs a line of shell beside all turns. */
  async run(
    line: string,
  ): Promise<{ readonly code: number | string; readonly stdout: string; readonly stderr: string }> {
    return await shell(this.sandbox, line);
  }

  /** Undoes at once and says what was said, or what there is to say when there is nothing to undo. */
  async back(wish?: string): Promise<string> {
    await using prepared = await this.undo.prepare(wish, async () => {}, never);
    if (prepared === undefined) return "nothing";
    return await prepared.apply(never);
  }

  /** All that a person could tell two trees apart by, read inside and by other means than ours. */
  async tree(folder = "/workspace"): Promise<string> {
    const line = `${describeTree} ${folder}; find ${folder} -print0 | sort -z | xargs -0 stat --printf '%.9Y %N\\n'`;
    const { stdout, stderr } = await shell(this.sandbox, line);
    if (stdout === "") throw new Error(stderr);
    return stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#scope.disposeAsync();
  }
}

interface Parts {
  readonly root: string;
  readonly store: Store;
  readonly group: Group;
  readonly sandbox: Sandbox;
  readonly undo: UndoService;
  readonly scope: AsyncDisposableStack;
  readonly options: UndoBenchOptions;
}

const never = new AbortController().signal;

/**
 * Names, types, modes and links by perl's own `lstat`, contents by `sha256sum`, which names share an inode.
 * Folders that are closed are opened for the look and closed again.
 */
const describeTree = `perl -e '
  my %seen;
  sub show {
    my ($path) = @_;
    my @s = lstat($path) or return;
    my $mode = $s[2];
    my $line = sprintf("%s %o", unpack("H*", $path), $mode);
    if (-l _) { print "$line -> ", unpack("H*", readlink($path)), "\\n"; return }
    if (-f _) {
      chmod(0600, $path) if !($mode & 0400);
      open(my $in, "-|", "sha256sum", "--", $path); my ($sum) = split(/[ \\\\]+/, <$in> =~ s/^\\\\//r); close($in);
      chmod($mode & 07777, $path) if !($mode & 0400);
      my $first = $seen{$s[1]} //= $path;
      print "$line $s[7] $sum same-as ", unpack("H*", $first), "\\n"; return
    }
    print "$line\\n";
    return unless -d _;
    chmod(0700, $path) if ($mode & 0500) != 0500;
    opendir(my $dir, $path) or return; my @names = sort grep { $_ ne "." && $_ ne ".." } readdir($dir); closedir($dir);
    show("$path/$_") for @names;
    chmod($mode & 07777, $path) if ($mode & 0500) != 0500;
  }
  show($ARGV[0]);
'`;

import { statfsSync } from "node:fs";
import { setPriority } from "node:os";
import { AppError } from "../../errors.ts";
import { sandboxWords } from "../../words/english/sandbox.ts";
import { defaultLimits, type SandboxLimits } from "../limits.ts";
import type { Sandbox, SandboxSpec, SpawnOptions } from "../sandbox.ts";
import { proxyEnvironment } from "../proxy-address.ts";
import { toSandboxPaths } from "../sandbox-paths.ts";
import { confinement, fixedEnvironment, ownFileSystems, toSetenv } from "./arguments.ts";
import { type Call, type CallPlan, startCall, toFirstProcess } from "./call.ts";
import { ControlGroup, type KernelView, type Places } from "./control-groups.ts";
import { type Covers, parseSearch, searchMs, searchOutputBytes, toSearchCommand } from "./covers.ts";
import type { ReadFact } from "./failure.ts";
import type { Owner } from "./folders.ts";
import { Inherited } from "./descriptor.ts";
import { type Pipe, toFilledPipe } from "./pipe.ts";
import type { Programs } from "./programs.ts";
import { narrowSources, openSources, type Sources } from "./sources.ts";
import { createStage, type Stage } from "./stage.ts";
import { syntheticEtc } from "./synthetic-etc.ts";
import { requireGroupView, type Shown, toGroupView, toSearchView } from "./view.ts";
import { WayOut } from "./way-out.ts";

const mostSearches = 4;

/** What does not depend on the group. */
export interface Host {
  readonly programs: Programs;
  readonly searchPath: string;
  /** Options that show the programs of this system. */
  readonly system: readonly string[];
  readonly openPipe: () => Pipe;
  /** Of system calls, where this machine is known. */
  readonly filter: Uint8Array | undefined;
  /** Where its control groups can be made. */
  readonly places: Places;
  readonly processors: KernelView["processors"];
  readonly readFact: ReadFact;
}

/** Checks and prepares the folders of `spec`; starts no process. */
export async function openBubblewrapSandbox(spec: SandboxSpec, host: Host): Promise<Sandbox> {
  const owner = host.programs.root === undefined ? undefined : toOwner(spec);
  return new BubblewrapSandbox(spec, host, owner, await openSources(spec, owner));
}

/** The system's own accounts are never lent to a group. */
function toOwner({ uid }: SandboxSpec): Owner {
  if (Number.isSafeInteger(uid) && uid >= 1000) return { uid, gid: uid };
  throw new AppError("sandbox-unavailable", `A sandbox cannot run as uid ${uid}.`, {
    hint: "Each group needs a uid of its own, from 200000 up.",
  });
}

class BubblewrapSandbox implements Sandbox {
  readonly paths;
  readonly #host: Host;
  /** Who it runs as on the host when that is not us. */
  readonly #owner: Owner | undefined;
  readonly #sources: Sources;
  readonly #wayOut: WayOut | undefined;
  readonly #limits: SandboxLimits;
  readonly #controlGroup: ControlGroup;
  readonly #readHiddenNames: () => Promise<readonly string[]>;
  readonly #calls = new Set<Call>();
  #stage: Promise<Stage> | undefined;
  #starting = 0;
  #isClosed = false;

  constructor(spec: SandboxSpec, host: Host, owner: Owner | undefined, sources: Sources) {
    this.paths = toSandboxPaths(spec);
    this.#host = host;
    this.#owner = owner;
    this.#sources = sources;
    const { searchPath } = host;
    this.#wayOut =
      spec.network === undefined
        ? undefined
        : new WayOut(spec.network, { isRoot: owner !== undefined, searchPath });
    this.#limits = spec.limits ?? defaultLimits;
    this.#controlGroup = new ControlGroup(host.places, this.#limits, host);
    this.#readHiddenNames = spec.readHiddenNames ?? (async () => []);
  }

  async spawn(argv: readonly string[], options: SpawnOptions): Promise<Call> {
    requireCommand(argv, options);
    this.#requireRoom();
    this.#starting += 1;
    try {
      const sources = await narrowSources(this.#sources);
      const covers = await this.#findCovers(sources, options.signal);
      const isLetOut = options.isOffline !== true && (await this.#wayOut?.network.isOpen()) === true;
      const wayOut = isLetOut ? this.#wayOut : undefined;
      const env =
        wayOut === undefined
          ? options.env
          : { ...proxyEnvironment, ...(await wayOut.network.environment?.()), ...options.env };
      return await this.#start(
        argv,
        { cwd: this.paths.workspace, ...options, ...(env === undefined ? {} : { env }) },
        (inherited, stage) => toGroupView(sources, covers, inherited, stage),
        {
          check: (readMountInfo) => requireGroupView(sources, covers, readMountInfo),
          ...(wayOut === undefined ? {} : { connect: (pid) => wayOut.open(pid, options.signal) }),
        },
      );
    } finally {
      this.#starting -= 1;
    }
  }

  stop(): void {
    for (const call of this.#calls) call.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await Promise.all([...this.#calls].map((call) => call[Symbol.asyncDispose]()));
    await this.#wayOut?.[Symbol.asyncDispose]();
    const stage = await this.#stage?.catch(() => undefined);
    stage?.[Symbol.dispose]();
    await this.#controlGroup.removed;
    this.#sources[Symbol.dispose]();
  }

  /** By a search in a sandbox that holds the shared folders alone and read-only; anew before every command. */
  async #findCovers(sources: Shown, signal: AbortSignal): Promise<Covers[]> {
    const { shared } = sources;
    if (shared.length === 0) return [];
    const folders = shared.map(({ target }) => target);
    const options = { signal, timeoutMs: searchMs, cwd: "/" };
    const command = toSearchCommand(folders, await this.#readHiddenNames());
    // A folder that became something else meanwhile is looked for again.
    for (let round = 0; round < mostSearches; round++) {
      await using search = await this.#start(command, options, (inherited, stage) =>
        toSearchView(sources, inherited, stage),
      );
      const output = await readAll(search.stdout, searchOutputBytes);
      const exit = output === undefined ? undefined : await search.exited;
      signal.throwIfAborted();
      if (output === undefined || exit?.type !== "exited") break;
      if (exit.code === 0) return parseSearch(output, folders);
    }
    throw new AppError("denied", "A shared folder could not be searched for the secrets in it.", {
      hint: "It is too large or changes too fast. Share a smaller folder.",
    });
  }

  async #start(
    argv: readonly string[],
    options: SpawnOptions & { readonly cwd: string },
    toView: (inherited: Inherited, stage: Stage | undefined) => string[],
    steps: Pick<CallPlan, "check" | "connect"> = {},
  ): Promise<Call> {
    options.signal.throwIfAborted();
    if (this.#isClosed) throw new AppError("sandbox-failed", "The sandbox is closed.");
    const { openPipe, programs, system, filter } = this.#host;
    const stage = await this.#openStage();
    using ready = openPipe();
    using go = openPipe();
    using inherited = new Inherited();
    // The first two: `firstProcess` knows them by number.
    inherited.give(ready.write);
    inherited.give(go.read);
    const stay = this.#controlGroup.enter();
    // Also when it does not come to a command.
    using undo = new DisposableStack();
    undo.defer(() => stay.end());
    const members = stay.openMembers();
    for (const member of members) inherited.give(member);
    // Through a pipe: anyone can read arguments in the host's list of processes.
    const variables = toSetenv(options.env ?? {}).join("\0");
    const etc = Object.entries(syntheticEtc).flatMap(([path, text]) => [
      ...["--perms", "0444", "--file", inherited.give(toFilledPipe(openPipe, text)), path],
    ]);
    const command = [
      ...this.#toEntry(stage),
      programs.bwrap,
      ...confinement,
      ...(filter === undefined ? [] : ["--seccomp", inherited.give(toFilledPipe(openPipe, filter))]),
      ...fixedEnvironment,
      ...(variables === "" ? [] : ["--args", inherited.give(toFilledPipe(openPipe, variables))]),
      ...system,
      ...etc,
      ...ownFileSystems,
      ...toView(inherited, stage),
      ...["--remount-ro", "/"],
      ...["--chdir", options.cwd],
      "--",
      ...toFirstProcess(this.#limits, this.#host.places, members.length),
      ...argv,
    ];
    const call = await startCall(
      {
        argv: command,
        inherited,
        control: { ready, go },
        openPipe,
        owner: this.#owner,
        ...steps,
        confine: (pid) => {
          // Where the kernel does not share the processors out, what runs inside lets everything else go first.
          if (this.#host.places.cpu === undefined) setPriority(pid, 10);
          stay.require(pid);
        },
        stay,
        limits: this.#limits,
        readFact: this.#host.readFact,
      },
      options,
    );
    undo.move();
    if (this.#isClosed) {
      await call[Symbol.asyncDispose]();
      throw new AppError("sandbox-failed", "The sandbox is closed.");
    }
    this.#calls.add(call);
    void call.released.then(() => this.#calls.delete(call));
    return call;
  }

  /** Without these the next command could leave the database, or the machine, no place to go on. */
  #requireRoom(): void {
    if (this.#isClosed) throw new AppError("sandbox-failed", "The sandbox is closed.");
    const { commands, freeBytes } = this.#limits;
    if (this.#calls.size + this.#starting >= commands) {
      throw new AppError("conflict", sandboxWords.tooManyCommands({ most: commands }));
    }
    for (const { folder } of this.#sources.own) {
      const { bavail, bsize } = statfsSync(`/proc/self/fd/${folder.descriptor.number}`);
      if (bavail * bsize >= freeBytes) continue;
      throw new AppError(
        "io",
        sandboxWords.diskNearlyFull({
          path: folder.path,
          freeMb: Math.floor((bavail * bsize) / 1e6),
          neededMb: Math.ceil(freeBytes / 1e6),
        }),
      );
    }
  }

  #openStage(): Promise<Stage | undefined> {
    const { programs, searchPath } = this.#host;
    if (programs.root === undefined) return Promise.resolve(undefined);
    if (this.#stage === undefined) {
      const stage = createStage(this.#sources.all, programs.root, searchPath);
      this.#stage = stage;
      // A machine that was too busy may manage the next time.
      stage.catch(() => {
        if (this.#stage === stage) this.#stage = undefined;
      });
    }
    return this.#stage;
  }

  /** From root into the stage and, before anything else runs, down to the group's uid without other groups. */
  #toEntry(stage: Stage | undefined): string[] {
    const { root } = this.#host.programs;
    if (root === undefined || stage === undefined || this.#owner === undefined) return [];
    const { uid, gid } = this.#owner;
    return [
      root.nsenter,
      `--mount=${stage.namespace}`,
      "--setuid",
      String(uid),
      "--setgid",
      String(gid),
      "--",
    ];
  }
}

function requireCommand(argv: readonly string[], { env = {}, cwd = "/" }: SpawnOptions): void {
  const [program = ""] = argv;
  if (program === "" || program.startsWith("-")) {
    throw new AppError("sandbox-failed", `"${program}" is not the name of a program.`);
  }
  if (!cwd.startsWith("/"))
    throw new AppError("sandbox-failed", `${cwd} is not an absolute path of the sandbox.`);
  const wrong = Object.keys(env).find((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  if (wrong !== undefined) throw new AppError("sandbox-failed", `"${wrong}" is not the name of a variable.`);
  if ([...argv, ...Object.values(env), cwd].some((text) => text.includes("\0"))) {
    throw new AppError("sandbox-failed", "A command cannot hold a zero byte.");
  }
}

/** Nothing when there is more than `limit`. */
async function readAll(stream: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

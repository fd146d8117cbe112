import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { AppError, systemCode } from "../../errors.ts";
import { sandboxWords } from "../../words/english/sandbox.ts";
import type { LimitHit } from "../sandbox.ts";
import type { SandboxLimits } from "../limits.ts";
import { Descriptor } from "./descriptor.ts";

/** What the kernel can count for a whole sandbox. */
export const controllers = ["memory", "pids", "cpu"] as const;
export type Controller = (typeof controllers)[number];

/** Where on this machine we may make a control group that has this controller. */
export interface Place {
  readonly folder: string;
  readonly version: 1 | 2;
}

export type Places = Partial<Readonly<Record<Controller, Place>>>;

/** The kernel's files, from the root of the file system. Tests give a tree of their own. */
export interface KernelView {
  readonly root: string;
  readonly processors: number;
}

/** Looks at what is mounted and may be written; changes nothing but what processes that died left behind. */
export function findPlaces({ root }: Pick<KernelView, "root">): Places {
  const own = parseOwn(read(`${root}/proc/self/cgroup`));
  const places: { -readonly [Name in Controller]?: Place } = {};
  for (const { mountPoint, mountedPath, type, options } of parseMounts(read(`${root}/proc/self/mountinfo`))) {
    for (const controller of controllers) {
      if (places[controller] !== undefined) continue;
      const path =
        type === "cgroup2" ? own.get("") : options.includes(controller) ? own.get(controller) : undefined;
      if (path === undefined) continue;
      // In a container the mount may begin at our own group.
      const below = path.startsWith(mountedPath === "/" ? "/" : `${mountedPath}/`);
      const inner = mountedPath === "/" ? path : below ? path.slice(mountedPath.length) : "/";
      const base = `${root}${mountPoint}`;
      const folder =
        type === "cgroup2" ? findDelegated(base, inner, controller) : `${base}${inner}`.replace(/\/+$/, "");
      if (folder !== undefined && canWrite(folder) && canWrite(`${folder}/cgroup.procs`)) {
        places[controller] = { folder, version: type === "cgroup2" ? 2 : 1 };
      }
    }
  }
  for (const folder of new Set(Object.values(places).map((place) => place.folder))) sweep(folder);
  return places;
}

/** In version 2 a group that hands a controller on holds no processes itself: the nearest such one above us that is ours. */
function findDelegated(base: string, inner: string, controller: Controller): string | undefined {
  for (let path = inner.replace(/\/+$/, ""); ; path = path.slice(0, path.lastIndexOf("/"))) {
    const folder = `${base}${path}`;
    const hands = read(`${folder}/cgroup.subtree_control`).trim().split(/\s+/);
    if (hands.includes(controller) && canWrite(folder)) return folder;
    if (path === "") return undefined;
  }
}

/**
 * What a process that was killed outright could not take away. One that is in use cannot be removed; one that is new may belong to a
 * process that a container hides from us.
 */
function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = /^nanoclaw-(\d+)-/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    try {
      if (Date.now() - statSync(`${folder}/${name}`).mtimeMs < newMs) continue;
      rmdirSync(`${folder}/${name}`);
    } catch {
      // It is in use after all, or another did it.
    }
  }
}

const newMs = 10_000;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) !== "ESRCH";
  }
}

/** One command's stay in the control group of its sandbox. */
export interface Stay {
  /** The files in which the first process inside writes itself down. Whoever takes one closes it. */
  openMembers(): Descriptor[];
  /** Makes sure that a process that waits for our word is in it. Throws `AppError("sandbox-failed")`. */
  require(pid: number): void;
  /** When all its processes are gone; harmless when it was said before. Says which limits were met meanwhile, by whomever of the sandbox. */
  end(): readonly LimitHit[];
}

/** The control group of one sandbox: there as long as a command of it runs. */
export class ControlGroup {
  readonly #places: Places;
  readonly #folders: ReadonlySet<string>;
  readonly #settings: readonly (readonly [path: string, value: string])[];
  #stays = 0;
  #removal: Promise<void> = Promise.resolve();

  constructor(places: Places, limits: SandboxLimits, { processors }: Pick<KernelView, "processors">) {
    const name = `nanoclaw-${process.pid}-${crypto.randomUUID().slice(0, 8)}`;
    const mine = controllers.flatMap((controller) => {
      const place = places[controller];
      return place === undefined
        ? []
        : [[controller, { ...place, folder: `${place.folder}/${name}` }] as const];
    });
    this.#places = Object.fromEntries(mine);
    this.#folders = new Set(mine.map(([, { folder }]) => folder));
    this.#settings = mine.flatMap(([controller, place]) => toSettings(controller, place, limits, processors));
  }

  /** Throws `AppError("sandbox-failed")` when it cannot be made. */
  enter(): Stay {
    if (this.#stays === 0) orFail(() => this.#make());
    this.#stays += 1;
    const before = this.#count();
    let isOver = false;
    return {
      openMembers: () =>
        orFail(() =>
          this.#members.map((path) => Descriptor.open(path, constants.O_WRONLY | constants.O_CREAT)),
        ),
      require: (pid) => orFail(() => this.#require(pid)),
      end: () => {
        if (isOver) return [];
        isOver = true;
        const after = this.#count();
        this.#stays -= 1;
        if (this.#stays === 0) this.#removal = this.#remove();
        return (["memory", "processes"] as const).filter((name) => after[name] > before[name]);
      },
    };
  }

  /** Settles when nothing of it is left behind the last command. Never rejects. */
  get removed(): Promise<void> {
    return this.#removal;
  }

  /** In version 1 one thread may move itself alone, which needs no lock of the whole machine. */
  get #members(): string[] {
    return Object.values(this.#places)
      .filter((place, index, all) => all.findIndex(({ folder }) => folder === place.folder) === index)
      .map(({ folder, version }) => `${folder}/${version === 1 ? "tasks" : "cgroup.procs"}`);
  }

  #require(pid: number): void {
    const groups = read(`/proc/${pid}/cgroup`).split("\n");
    for (const folder of this.#folders) {
      const name = folder.slice(folder.lastIndexOf("/"));
      const controller = controllers.find((each) => this.#places[each]?.folder === folder);
      const isIn = groups.some((line) => {
        const [, names = ""] = line.split(":");
        return line.endsWith(name) && (names === "" || names.split(",").includes(controller ?? ""));
      });
      // Moving another waits for all processors, some milliseconds.
      if (!isIn) writeFileSync(`${folder}/cgroup.procs`, String(pid));
    }
  }

  #make(): void {
    // One may still wait to be removed behind the last command.
    for (const folder of this.#folders) if (!existsSync(folder)) mkdirSync(folder);
    for (const [path, value] of this.#settings) write(path, value);
  }

  #count(): Readonly<Record<LimitHit, number>> {
    const { memory, pids } = this.#places;
    const kills = memory?.version === 1 ? "memory.oom_control" : "memory.events";
    return {
      memory: readCounter(memory, kills, "oom_kill"),
      processes: readCounter(pids, "pids.events", "max"),
    };
  }

  /** The kernel may need a moment with the last process. */
  async #remove(attempts = 200): Promise<void> {
    for (const folder of this.#folders) {
      try {
        rmdirSync(folder);
      } catch (error) {
        if (systemCode(error) === "ENOENT" || this.#stays > 0) continue;
        if (attempts === 0) return;
        await Bun.sleep(5);
        if (this.#stays === 0) await this.#remove(attempts - 1);
        return;
      }
    }
  }
}

function orFail<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    // It is this program that has no more of it, whoever manages the groups.
    if (/^(?:EMFILE|ENFILE|ENOMEM)$/.test(systemCode(cause) ?? "")) throw cause;
    throw new AppError("sandbox-failed", sandboxWords.noControlGroup({ said: String(cause) }), { cause });
  }
}

/** What is too small for one processor's share is raised to what the kernel takes. */
const periodUs = 100_000;
const leastQuotaUs = 1000;

function toSettings(
  controller: Controller,
  { folder, version }: Place,
  { memoryBytes, processes, cpuPercent }: SandboxLimits,
  processors: number,
): (readonly [path: string, value: string])[] {
  const quota = String(Math.max(leastQuotaUs, Math.round((periodUs * processors * cpuPercent) / 100)));
  const memory = String(memoryBytes);
  switch (controller) {
    case "memory":
      // The swap comes second: it may not be below the memory. A kernel that does not count it has no such file.
      return version === 1
        ? [
            [`${folder}/memory.limit_in_bytes`, memory],
            [`${folder}/memory.memsw.limit_in_bytes?`, memory],
          ]
        : [
            [`${folder}/memory.max`, memory],
            [`${folder}/memory.swap.max?`, "0"],
          ];
    case "pids":
      return [[`${folder}/pids.max`, String(processes)]];
    case "cpu":
      return version === 1
        ? [
            [`${folder}/cpu.cfs_period_us`, String(periodUs)],
            [`${folder}/cpu.cfs_quota_us`, quota],
          ]
        : [[`${folder}/cpu.max`, `${quota} ${periodUs}`]];
    default:
      return controller satisfies never;
  }
}

/** A `?` at the end: where there is one. */
function write(path: string, value: string): void {
  const file = path.replace(/\?$/, "");
  if (file === path || existsSync(file)) writeFileSync(file, value);
}

function readCounter(place: Place | undefined, file: string, name: string): number {
  if (place === undefined) return 0;
  return Number(new RegExp(`^${name} (\\d+)$`, "m").exec(read(`${place.folder}/${file}`))?.[1] ?? 0);
}

function parseOwn(text: string): ReadonlyMap<string, string> {
  const lines = text.split("\n").map((line) => line.split(":"));
  return new Map(
    lines.flatMap(([, names = "", ...path]) =>
      path.length === 0 ? [] : names.split(",").map((name) => [name, path.join(":")] as const),
    ),
  );
}

function parseMounts(text: string) {
  return text.split("\n").flatMap((line) => {
    const [before = "", after = ""] = line.split(" - ");
    const [, , , mountedPath = "/", mountPoint = ""] = before.split(" ");
    const [type = "", , options = ""] = after.split(" ");
    return type === "cgroup" || type === "cgroup2"
      ? [{ mountedPath, mountPoint, type, options: options.split(",") }]
      : [];
  });
}

function canWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { AppError, systemCode } from "../../errors.ts";
import { sandboxWords } from "../../words/english/sandbox.ts";
import type { LimitHit } from "../sandbox.ts";
import type { SandboxLimits } from "../limits.ts";

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

/** What a process that was killed outright could not take away. One that is in use cannot be removed. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = /^nanoclaw-(\d+)-/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    try {
      rmdirSync(`${folder}/${name}`);
    } catch {
      // It is in use after all, or another did it.
    }
  }
}

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
  /** When all its processes are gone. Says which limits were met meanwhile, by whomever of the sandbox. */
  end(): readonly LimitHit[];
}

/** The control group of one sandbox: there as long as a command of it runs. */
export class ControlGroup {
  readonly #places: Places;
  readonly #folders: ReadonlySet<string>;
  readonly #settings: readonly (readonly [path: string, value: string])[];
  #stays = 0;

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

  /** Takes a process in that waits for our word, and with it all that it will start. Throws `AppError("sandbox-failed")`. */
  enter(pid: number): Stay {
    try {
      if (this.#stays === 0) this.#make();
      for (const folder of this.#folders) writeFileSync(`${folder}/cgroup.procs`, String(pid));
    } catch (cause) {
      if (this.#stays === 0) void this.#remove();
      throw new AppError("sandbox-failed", sandboxWords.noControlGroup({ said: String(cause) }), { cause });
    }
    this.#stays += 1;
    const before = this.#count();
    return {
      end: () => {
        const after = this.#count();
        this.#stays -= 1;
        if (this.#stays === 0) void this.#remove();
        return (["memory", "processes"] as const).filter((name) => after[name] > before[name]);
      },
    };
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
  async #remove(attempts = 50): Promise<void> {
    for (const folder of this.#folders) {
      try {
        rmdirSync(folder);
      } catch (error) {
        if (systemCode(error) === "ENOENT" || this.#stays > 0) continue;
        if (attempts === 0) return;
        await Bun.sleep(20);
        if (this.#stays === 0) await this.#remove(attempts - 1);
        return;
      }
    }
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

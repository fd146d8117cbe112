import { mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createBubblewrap } from "../../src/sandbox/bubblewrap/runtime.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { SandboxBench, shell } from "./sandbox-bench.ts";
import { openToolBench, type ToolBench } from "./tool-bench.ts";

/**
 * Exchanges `pivot`, a folder, with `other`, a link to a folder of the host, again and again: about once a millisecond, at moments that
 * nobody can foresee. Says how often.
 */
const swapper = `
import ctypes, os, random, sys, time
os.chdir(sys.argv[1])
libc = ctypes.CDLL(None)
count = 0
print("up", flush=True)
while True:
    if libc.renameat2(-100, b"pivot", -100, b"other", 2) != 0: sys.exit("renameat2")
    count += 1
    if count % 20 == 0: print(count, flush=True)
    end = time.perf_counter() + random.random() * 0.002
    while time.perf_counter() < end: pass
`;

const canary = "canary-of-the-host";
/** A name that stands in the folder of the host alone. */
const ownName = "name-of-the-host";
const inside = "inside the folder";

export interface Verb {
  readonly name: string;
  /** As the model does it, on whatever `pivot` is at the time. What it says. */
  attempt(court: SwapRace): Promise<string>;
  /** The same by a program of the host that looks before it acts: a check of the path, then the act. */
  naively(path: string): string;
}

const target = "extra/lent/pivot/target";
const write = (path: string) => writeFileSync(path, "overwritten");
let edits = 0;

export const verbs: readonly Verb[] = [
  {
    name: "read",
    attempt: ({ tools }) => tool(tools, "read_file", { path: target }),
    naively: (path) => readFileSync(join(path, "target"), "utf8"),
  },
  {
    name: "write",
    attempt: ({ tools }) => tool(tools, "write_file", { path: target, content: inside }),
    naively: (path) => {
      write(join(path, "target"));
      return "";
    },
  },
  {
    name: "edit",
    attempt: ({ tools }) =>
      tool(tools, "edit_file", { path: target, old: "inside", new: `inside ${(edits += 1)}` }),
    naively: (path) => {
      const text = readFileSync(join(path, "target"), "utf8");
      writeFileSync(join(path, "target"), `${text} edited`);
      return "";
    },
  },
  {
    name: "list",
    attempt: ({ tools }) => tool(tools, "list_files", { path: "extra/lent/pivot" }),
    naively: (path) => readdirSync(path).join(" "),
  },
  {
    name: "search",
    attempt: ({ tools }) =>
      tool(tools, "search_files", { path: "extra/lent/pivot", pattern: "canary|inside" }),
    naively: (path) =>
      readdirSync(path)
        .map((name) => readFileSync(join(path, name), "utf8"))
        .join(" "),
  },
  {
    name: "command",
    attempt: async ({ sandbox }) =>
      await shell(sandbox, `cd extra/lent/pivot && cat * && ls && echo ${inside} > target`).then(
        ({ stdout }) => stdout,
        (error: unknown) => `refused: ${String(error)}`,
      ),
    naively: (path) => readFileSync(join(path, "target"), "utf8"),
  },
  {
    name: "mount",
    attempt: (court) => court.mountPivot(),
    naively: (path) => readFileSync(join(path, "target"), "utf8"),
  },
];

async function tool(tools: ToolBench, name: string, input: unknown): Promise<string> {
  return (await tools.call(name, input)).content;
}

/** A folder lent for writing, in which a running command of the group swaps what the others go through. */
export class SwapRace implements AsyncDisposable {
  readonly bench: SandboxBench;
  readonly lent: string;
  readonly hostFolder: string;
  readonly sandbox: Sandbox;
  readonly tools: ToolBench;
  readonly #scope: AsyncDisposableStack;
  #mounted = 0;

  static async open(): Promise<SwapRace> {
    const scope = new AsyncDisposableStack();
    const bench = scope.use(await SandboxBench.create(createBubblewrap()));
    const lent = join(bench.root, "lent");
    const hostFolder = join(bench.root, "of-the-host");
    for (const folder of [lent, join(lent, "pivot"), hostFolder]) {
      mkdirSync(folder, { mode: 0o777 });
    }
    symlinkSync(hostFolder, join(lent, "other"));
    writeFileSync(join(lent, "pivot/target"), inside);
    const spec = await bench.group("racer", [{ name: "lent", source: lent, canWrite: true }]);
    const sandbox = scope.use(await bench.runtime.open(spec));
    // The same path exists inside, so that what follows the link there finds a place of the group's own.
    await shell(sandbox, `mkdir -p ${hostFolder} && echo ${inside} > ${hostFolder}/target`);
    const tools = await openToolBench({ openSandbox: async () => sandbox });
    return new SwapRace({ bench, lent, hostFolder, sandbox, tools, scope });
  }

  constructor(parts: {
    readonly bench: SandboxBench;
    readonly lent: string;
    readonly hostFolder: string;
    readonly sandbox: Sandbox;
    readonly tools: ToolBench;
    readonly scope: AsyncDisposableStack;
  }) {
    this.bench = parts.bench;
    this.lent = parts.lent;
    this.hostFolder = parts.hostFolder;
    this.sandbox = parts.sandbox;
    this.tools = parts.tools;
    this.#scope = parts.scope;
    this.restore();
  }

  /** A sandbox of another group, to which `pivot` itself is lent. */
  async mountPivot(): Promise<string> {
    this.#mounted += 1;
    const mounts = [{ name: "pivot", source: join(this.lent, "pivot"), canWrite: true }];
    const spec = { ...(await this.bench.group(`mounter-${this.#mounted % 4}`, mounts)) };
    try {
      await using sandbox = await this.bench.runtime.open(spec);
      const line = `cat extra/pivot/* && ls extra/pivot && echo ${inside} > extra/pivot/target`;
      return (await shell(sandbox, line)).stdout;
    } catch (error) {
      return `refused: ${String(error)}`;
    }
  }

  /** What came out of the folder of the host or into it; undefined when nothing did. */
  findEscape(said: string): string | undefined {
    if (said.includes(canary) || said.includes(ownName)) return "it was shown";
    const names = readdirSync(this.hostFolder).join();
    if (names !== [ownName, "target"].join()) return `it holds ${names}`;
    return readFileSync(join(this.hostFolder, "target"), "utf8") === canary ? undefined : "it was written";
  }

  isInside(said: string): boolean {
    return !said.includes("refused") && /inside|target|Created|Replaced|Wrote|Edited|Changed/.test(said);
  }

  restore(): void {
    writeFileSync(join(this.hostFolder, "target"), canary);
    writeFileSync(join(this.hostFolder, ownName), canary);
  }

  /** Whether the naive program is fooled before it has tried that often. */
  foolNaive(verb: Verb, tries: number): boolean {
    const path = join(this.lent, "pivot");
    for (let round = 0; round < tries; round++) {
      try {
        if (realpathSync(path) !== path) continue;
        const said = verb.naively(path);
        const escape = this.findEscape(said);
        if (escape === undefined) continue;
        this.restore();
        return true;
      } catch {
        // Swapped in between: another time.
      }
    }
    return false;
  }

  async swap(): Promise<Swapping> {
    const signal = new AbortController().signal;
    const job = await this.sandbox.spawn(["python3", "-c", swapper, "extra/lent"], { signal });
    let swaps = 0;
    const up = Promise.withResolvers<void>();
    const following = (async () => {
      for await (const bytes of job.stdout) {
        up.resolve();
        const lines = new TextDecoder().decode(bytes).trim().split("\n");
        // A piece may begin or end within a number.
        swaps = Math.max(swaps, ...lines.map(Number).filter(Number.isFinite));
      }
      up.reject(new Error(`the swapper ended: ${await new Response(job.stderr).text()}`));
    })();
    await up.promise;
    return {
      count: () => swaps,
      async [Symbol.asyncDispose]() {
        job.kill();
        await job.exited;
        await following.catch(() => {});
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#scope.disposeAsync();
  }
}

export interface Swapping extends AsyncDisposable {
  count(): number;
}

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { newResults } from "./llm-transcript.ts";
import { ProgramBench, type Ran, shell } from "./program-bench.ts";

const until = "while [ ! -e /workspace/extra/site/stop ]; do sleep 0.02; done";

export interface HeldConversation extends AsyncDisposable {
  end(): Promise<Ran>;
}

/** The program in a folder with `site` in it, a list of its own, and a model that runs what it is told: `! COMMAND`. */
export class MountBench implements AsyncDisposable {
  readonly program: ProgramBench;
  readonly folder: string;
  readonly listFile: string;

  static async open(): Promise<MountBench> {
    const program = await ProgramBench.open({
      script: (request) => {
        const told = JSON.stringify(request.body)
          .match(/! ([^"\\]*)/g)
          ?.at(-1);
        return newResults(request).length > 0 || told === undefined
          ? { text: "ok" }
          : { calls: [shell(told.slice(2))] };
      },
    });
    await mkdir(join(program.folder, "site"));
    await writeFile(join(program.folder, "site/page"), "a page\n");
    return new MountBench(program);
  }

  constructor(program: ProgramBench) {
    this.program = program;
    this.folder = program.folder;
    this.listFile = join(program.home, ".config/nanoclaw/mount-allowlist.json");
  }

  /** Writes the owner's list; `ROOT` in it is the folder. */
  async allow(list: unknown): Promise<void> {
    await mkdir(join(this.listFile, ".."), { recursive: true });
    const text = typeof list === "string" ? list : JSON.stringify(list);
    await writeFile(this.listFile, text.replaceAll("ROOT", this.folder));
  }

  async run(argv: readonly string[]): Promise<Ran> {
    return await this.program.run(argv);
  }

  async mount(...argv: readonly string[]): Promise<Ran> {
    return await this.run(["groups", "mount", ...argv]);
  }

  /** What a command of the group's says in the sandbox, and what the person is told beside. */
  async command(line: string, ...more: readonly string[]): Promise<Ran & { readonly seen: string }> {
    const ran = await this.program.ask(`! ${line}`, ...more);
    const last = this.program.requests.at(-1);
    return {
      ...ran,
      seen:
        last === undefined
          ? ""
          : newResults(last)
              .map(({ text }) => text)
              .join("\n"),
    };
  }

  /** A conversation of the group that goes on until it is told to end; `folder` is shared with it. */
  async hold(group: string, folder: string): Promise<HeldConversation> {
    const before = this.program.requests.length;
    const running = this.program.start(["agent", "-g", group, "-m", `! ${until}`, "--folder", folder]);
    const deadline = AbortSignal.timeout(20_000);
    while (this.program.requests.length === before) {
      deadline.throwIfAborted();
      await Bun.sleep(10);
    }
    return {
      end: async (): Promise<Ran> => {
        await writeFile(join(this.folder, "site/stop"), "");
        return await running.ended;
      },
      [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program[Symbol.asyncDispose]();
  }
}

import type { Authority } from "../../src/authority/decision.ts";
import type { Log } from "../../src/log.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import type { Tool } from "../../src/tools/tool.ts";
import type { ToolOutcome, ToolRunner } from "../../src/tools/tool-runner.ts";
import { createAgentActor, createTerminalOwner } from "../../src/authority/actor.ts";
import { clean } from "../../src/authority/taint.ts";
import { silentLog } from "../../src/log.ts";
import { createToolRunner } from "../../src/tools/registry.ts";
import { JobTable } from "../../src/tools/shell/job-table.ts";
import { createStandardTools } from "../../src/tools/standard-tools.ts";
import { createHostSandbox } from "./host-sandbox.ts";

/** A sandbox with the standard tools behind their runner, and a way to look at and prepare what is inside. */
export interface ToolBench extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly runner: ToolRunner;
  readonly jobs: JobTable;
  /** Runs a tool as the model would: arguments as JSON text. */
  call(name: string, input: unknown, signal?: AbortSignal): Promise<ToolOutcome>;
  /** Runs a script in the sandbox, past the tools, and gives its output. */
  inside(script: string, ...parameters: readonly string[]): Promise<string>;
}

export interface ToolBenchOptions {
  readonly openSandbox?: () => Promise<Sandbox>;
  readonly tools?: readonly Tool[];
  readonly authority?: Pick<Authority, "decide">;
  readonly log?: Log;
}

export const allowAll: Pick<Authority, "decide"> = {
  decide: async () => ({ verdict: "allow", rule: "test" }),
};

export async function openToolBench(options: ToolBenchOptions = {}): Promise<ToolBench> {
  const sandbox = await (options.openSandbox ?? createHostSandbox)();
  const jobs = new JobTable();
  const runner = createToolRunner({
    tools: options.tools ?? createStandardTools({ jobs }),
    authority: options.authority ?? allowAll,
    actor: createAgentActor(createTerminalOwner(1000), "main"),
    group: "main",
    taint: () => clean,
    sandbox: async () => sandbox,
    log: options.log ?? silentLog,
  });
  let calls = 0;
  return {
    sandbox,
    runner,
    jobs,
    call(name, input, signal = AbortSignal.timeout(60_000)) {
      calls += 1;
      const call = {
        type: "tool-call",
        id: `call_${calls}`,
        name,
        arguments: JSON.stringify(input),
      } as const;
      return runner.run(call, () => {}, signal);
    },
    async inside(script, ...parameters) {
      const signal = AbortSignal.timeout(30_000);
      const process = await sandbox.spawn(["sh", "-c", script, "sh", ...parameters], { signal });
      const output = await new Response(process.stdout).text();
      await process.exited;
      return output;
    },
    async [Symbol.asyncDispose]() {
      jobs[Symbol.dispose]();
      await sandbox[Symbol.asyncDispose]();
    },
  };
}

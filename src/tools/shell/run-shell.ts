import type { SandboxExit, SandboxProcess } from "../../sandbox/sandbox.ts";
import { AppError } from "../../errors.ts";
import { drain } from "../drain.ts";
import { OutputBuffer } from "../output-buffer.ts";
import type { ToolContext, ToolResult } from "../tool.ts";
import { toVisibleLine } from "../visible.ts";
import { describeHits, flooded } from "./describe-limits.ts";
import type { JobTable } from "./job-table.ts";
import { toShellArguments } from "./shell-arguments.ts";

const keptBytes = 4 * 1024 * 1024;
const progressEveryMs = 250;

export interface ShellCall {
  readonly command: string;
  /** One line for people. */
  readonly title: string;
  /** Seconds, and how many there may be. */
  readonly timeout: number;
  readonly longestTimeout: number;
  readonly background: boolean;
}

export async function runShell(call: ShellCall, jobs: JobTable, context: ToolContext): Promise<ToolResult> {
  const { command, title, timeout, background } = call;
  const argv = toShellArguments(command);
  const sandbox = await context.sandbox();
  context.signal.throwIfAborted();
  if (background) {
    const job = await jobs.start(sandbox, argv, title);
    return { content: `Started in the background as ${job.id}.`, details: { job: job.id } };
  }
  const child = await sandbox.spawn(argv, { signal: context.signal, timeoutMs: timeout * 1000 });
  return await finish(child, call, context);
}

async function finish(child: SandboxProcess, call: ShellCall, context: ToolContext): Promise<ToolResult> {
  const output = new OutputBuffer(keptBytes / 2, keptBytes / 2);
  const progress = createProgress(context.progress);
  const [exit] = await Promise.all([
    child.exited,
    drain(child.stdout, child.exited, (chunk) => {
      output.add(chunk);
      progress(chunk);
    }),
    drain(child.stderr, child.exited, (chunk) => output.add(chunk)),
  ]);
  context.signal.throwIfAborted();
  const text = Bun.stripANSI(output.text()).trimEnd();
  const outcome = describeExit(exit, call);
  const loss =
    output.dropped === 0
      ? ""
      : `[it printed ${output.total} bytes; ${output.dropped} in the middle were not kept]`;
  return {
    content: [
      text === "" ? "(no output)" : text,
      loss,
      ...describeHits(exit).map((hit) => `[${hit}]`),
      outcome,
    ]
      .filter((part) => part !== "")
      .join("\n"),
    isError: outcome !== "",
    details: {
      durationMs: Math.round(exit.durationMs),
      bytes: output.total,
      ...(exit.type === "exited" ? { exitCode: exit.code } : {}),
    },
  };
}

function describeExit(exit: SandboxExit, { timeout, longestTimeout }: ShellCall): string {
  switch (exit.type) {
    case "exited":
      return exit.code === 0 ? "" : `exit code ${exit.code}`;
    case "signalled":
      return `killed by ${exit.signal}`;
    case "timed-out":
      return `Stopped after ${timeout} seconds, unfinished; this is its output so far. Give a larger timeout (up to ${longestTimeout}) or use background.`;
    case "flooded":
      return flooded;
    case "cancelled":
      throw new AppError("cancelled", "The command was cancelled.");
    default:
      return exit satisfies never;
  }
}

/** Shows people the last line that came, a few times a second at most. */
function createProgress(show: (text: string) => void): (chunk: Uint8Array) => void {
  let shownAt = Number.NEGATIVE_INFINITY;
  return (chunk) => {
    const now = performance.now();
    if (now - shownAt < progressEveryMs) return;
    shownAt = now;
    const text = Bun.stripANSI(new TextDecoder().decode(chunk.subarray(-400)));
    show(
      toVisibleLine(
        text
          .trimEnd()
          .split(/[\r\n]/)
          .at(-1) ?? "",
        200,
      ),
    );
  };
}

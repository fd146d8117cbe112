import { formatTrace, mark } from "../trace.ts";
import { AppError, explain, isCancelled, systemCode } from "../errors.ts";
import { runCommandLine } from "./cli.ts";
import type { ProgramName } from "./command.ts";
import type { StreamIo } from "./command-io.ts";
import { createProcessIo } from "./process-io.ts";
import type { Services } from "./services.ts";

/** How long a command may take to put everything away after a signal. */
const patienceMs = 900;

const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

type StopSignal = keyof typeof exitCodes;

/**
 * Runs this process's command line; resolves with its exit code, with everything written. The first signal cancels the command, which has just under
 * a second to put everything away; the second ends it at once.
 */
export async function runProgram(loadServices: (io: StreamIo) => Promise<Services>): Promise<number> {
  const io = createProcessIo();
  const argv = process.argv.slice(2);
  const stop = new AbortController();
  const received = listenForSignals(stop);
  const wantsDetails = argv.includes("--logs") || Boolean(process.env["NANOCLAW_DEBUG"]);
  async function fail(error: unknown): Promise<number> {
    await report(error, wantsDetails, io);
    return received.signal === undefined ? toExitCode(error) : exitCodes[received.signal];
  }
  async function crash(error: unknown): Promise<void> {
    process.exit(await fail(error));
  }
  process.on("uncaughtException", (error) => void crash(error));
  process.on("unhandledRejection", (error) => void crash(error));

  const context = {
    programName: findProgramName(),
    loadServices: () => loadServices(io),
    endsBySignal: (ms: number) => received.expect(ms),
  };
  try {
    const code = await runCommandLine(argv, io, context, stop.signal);
    mark("closed");
    await io.writeError(formatTrace());
    return received.signal === undefined || received.isExpected ? code : exitCodes[received.signal];
  } catch (error) {
    return await fail(error);
  }
}

interface ReceivedSignals {
  readonly signal: StopSignal | undefined;
  readonly isExpected: boolean;
  expect(patienceMs: number): void;
}

function listenForSignals(stop: AbortController): ReceivedSignals {
  let first: StopSignal | undefined;
  let expectedMs: number | undefined;
  function receive(signal: StopSignal): void {
    if (first !== undefined) process.exit(exitCodes[signal]);
    first = signal;
    setTimeout(() => process.exit(exitCodes[signal]), expectedMs ?? patienceMs).unref();
    stop.abort(new AppError("cancelled", `Stopped by ${signal}.`));
  }
  process.on("SIGINT", receive);
  process.on("SIGTERM", receive);
  process.on("SIGHUP", receive);
  return {
    get signal() {
      return first;
    },
    get isExpected() {
      return expectedMs !== undefined;
    },
    expect(ms) {
      expectedMs = ms;
    },
  };
}

/** A reader that left (`| head -1`) and a person who pressed Ctrl-C know why it ended: no word about it. */
async function report(error: unknown, wantsDetails: boolean, io: StreamIo): Promise<void> {
  if (isCancelled(error) || isClosedPipe(error)) return;
  const isBug = !(error instanceof AppError) && systemCode(error) === undefined;
  const stack = wantsDetails && isBug && error instanceof Error ? `${error.stack ?? error.message}\n` : "";
  const { formatProblem } = await import("./problem.ts");
  try {
    await io.writeError((await formatProblem(explain(error), io)) + stack);
  } catch {
    // There is nowhere left to say it; the exit code does.
  }
}

function toExitCode(error: unknown): number {
  if (isClosedPipe(error)) return 0;
  if (isCancelled(error)) return exitCodes.SIGINT;
  return error instanceof AppError && error.code === "usage" ? 2 : 1;
}

function isClosedPipe(error: unknown): boolean {
  return systemCode(error) === "EPIPE";
}

/** The name it was called by; a launcher that cannot set it (`sh`) says it in `NANOCLAW_NAME`. */
function findProgramName(): ProgramName {
  const name = process.env["NANOCLAW_NAME"] ?? process.argv0.slice(process.argv0.lastIndexOf("/") + 1);
  return name === "claw" ? "claw" : "nanoclaw";
}

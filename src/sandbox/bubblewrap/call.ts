import { fchownSync, readFileSync, writeSync } from "node:fs";
import { constants } from "node:os";
import { AppError } from "../../errors.ts";
import type { SandboxExit, SandboxInput, SandboxProcess, SpawnOptions } from "../sandbox.ts";
import type { SandboxLimits } from "../limits.ts";
import type { Places, Stay } from "./control-groups.ts";
import type { Descriptor, Inherited } from "./descriptor.ts";
import { diagnose, type ReadFact } from "./failure.ts";
import type { Owner } from "./folders.ts";
import { toOutput } from "./output.ts";
import type { Pipe } from "./pipe.ts";

/** A call that runs, and how to be rid of all that it holds. */
export interface Call extends SandboxProcess, AsyncDisposable {
  /** Settles when it has ended and its outputs were read to their end or given up. Never rejects. */
  readonly released: Promise<void>;
}

/** Its descriptors after the usual three; the shell's redirections know single digits only, so these two come first. */
const readyNumber = 3;
const goNumber = 4;
/** Then the files of the control groups in which it writes itself down. */
const firstMember = 5;

/**
 * The first process inside. It says that all is in place and waits for our word: if we died meanwhile there is none, and it ends;
 * from then on the kernel ends it with us. Then it is the parent of everything, sets the limits that count per process or per user
 * namespace, joins the control groups (a process that moves itself waits for nobody), and answers as a shell does (127: no such program). Where the system's limit is lower already, that one stays.
 */
const firstProcess = [
  "/bin/sh",
  "-c",
  `
ulimit -c 0 2>/dev/null
ulimit -p "$1" 2>/dev/null || ulimit -u "$1" 2>/dev/null
ulimit -f "$2" 2>/dev/null
[ "$3" = all ] || ulimit -d "$3" 2>/dev/null
number=${firstMember}
while [ $number -lt "$4" ]; do
  eval "echo 0 >&$number; exec $number>&-" 2>/dev/null
  number=$((number + 1))
done
shift 4
echo >&${readyNumber}
exec ${readyNumber}>&-
read -r go <&${goNumber} || exit 125
exec ${goNumber}<&-
(exec "$@")
exit $?`,
  "sandbox",
] as const;

/** A limit of one process counts also what it reserves: Bun's compiler does without when it has less than 2.5 GB. */
const reservedToo = 1.5;

/** Where the kernel counts for all together, no process needs a limit of its own, and the count of a command comes second. */
export function toFirstProcess(limits: SandboxLimits, places: Places, memberships: number): string[] {
  const processes = limits.processes + (places.pids === undefined ? 0 : 8);
  const files = Math.ceil(limits.fileBytes / 512);
  const memory = places.memory === undefined ? Math.ceil((limits.memoryBytes * reservedToo) / 1024) : "all";
  return [
    ...firstProcess,
    String(processes),
    String(files),
    String(memory),
    String(firstMember + memberships),
  ];
}

/** How long a sandbox that is still being built may take to notice that it is not wanted any more. */
const abandonMs = 500;

export interface CallPlan {
  readonly argv: readonly string[];
  /** Begins with the child's ends of `control` and the files of the control groups. */
  readonly inherited: Inherited;
  readonly control: { readonly ready: Pipe; readonly go: Pipe };
  readonly openPipe: () => Pipe;
  /** Whose the pipes become, so that `/dev/stdout` can be opened inside. */
  readonly owner: Owner | undefined;
  /** Looks at the mounts of the sandbox when all is in place and nothing has run. What it throws ends the call. */
  readonly check?: (readMountInfo: () => string) => void;
  /** Opens what the first process, `pid`, finds in its network. What it throws ends the call; closed with it. */
  readonly connect?: (pid: number) => Promise<Disposable>;
  /** Then makes sure that its first process, and with it all that will run, is under the limits of the sandbox. */
  readonly confine: (pid: number) => void;
  readonly stay: Stay;
  /** Of the system, for who has to find out why it did not start. */
  readonly readFact: ReadFact;
  readonly limits: Pick<SandboxLimits, "commandMs" | "outputBytes">;
}

/** Settles when the command was allowed to run. */
export async function startCall(plan: CallPlan, options: SpawnOptions): Promise<Call> {
  const { argv, inherited, control, openPipe, owner } = plan;
  using undo = new DisposableStack();
  const stdout = undo.use(openPipe());
  const stderr = undo.use(openPipe());
  const stdin = options.stdin === "pipe" ? undo.use(openPipe()) : undefined;
  const theirs = [stdin?.read, stdout.write, stderr.write].filter((end) => end !== undefined);
  if (owner !== undefined) for (const end of theirs) fchownSync(end.number, owner.uid, owner.gid);
  const child = start(argv, [stdin?.read ?? options.stdin, stdout.write, stderr.write], inherited);
  for (const end of theirs) end.close();
  inherited[Symbol.dispose]();
  undo.move();

  let printed = 0;
  let ending: ReturnType<typeof followToEnd> | undefined;
  function count(bytes: number): void {
    printed += bytes;
    if (printed > plan.limits.outputBytes) ending?.end("flooded");
  }
  const outputs = [toOutput(stdout.read, count), toOutput(stderr.read, count)] as const;
  const input = stdin === undefined ? undefined : toInput(stdin.write);
  async function release(): Promise<void> {
    await Promise.all([...outputs.map((output) => output.release()), input?.end()]);
  }

  let connection: Disposable | undefined;
  try {
    await waitUntilReady(child, plan, outputs[1].stream, options.signal);
    plan.check?.(() => readMountInfo(child.pid));
    const first = findFirst(child.pid);
    plan.confine(first);
    connection = await plan.connect?.(first);
    ending = followToEnd(child, plan.stay, {
      signal: options.signal,
      timeoutMs: Math.min(options.timeoutMs ?? Infinity, plan.limits.commandMs),
    });
  } catch (error) {
    // Without our word nothing runs, and it ends by itself.
    control.go.write.close();
    connection?.[Symbol.dispose]();
    await release();
    throw error;
  }
  const { exited, end } = ending;
  const kill = (): void => end("cancelled");
  letGo(control.go.write);
  const inputEnded = exited.then(() => {
    connection?.[Symbol.dispose]();
    return input?.end();
  });
  return {
    stdout: outputs[0].stream,
    stderr: outputs[1].stream,
    ...(input === undefined ? {} : { stdin: input }),
    exited,
    released: Promise.all([inputEnded, ...outputs.map((output) => output.released)]).then(() => {}),
    kill,
    async [Symbol.asyncDispose]() {
      kill();
      await exited;
      await release();
    },
  };
}

type Child = ReturnType<typeof start>;

function start(
  argv: readonly string[],
  [stdin, stdout, stderr]: readonly [
    stdin: Descriptor | string | Uint8Array | undefined,
    stdout: Descriptor,
    stderr: Descriptor,
  ],
  inherited: Inherited,
) {
  try {
    return Bun.spawn([...argv], {
      env: {},
      cwd: "/",
      // Ctrl-C of a terminal must not reach it: killed while it is being built it would leave its other half behind.
      detached: true,
      stdio: [toStandardInput(stdin), stdout.number, stderr.number, ...inherited.numbers],
    });
  } catch (cause) {
    throw new AppError("sandbox-failed", "The sandbox could not be started.", { cause });
  }
}

function toStandardInput(stdin: Descriptor | string | Uint8Array | undefined) {
  if (stdin === undefined || stdin === "") return "ignore";
  if (typeof stdin === "string") return Buffer.from(stdin);
  return stdin instanceof Uint8Array ? stdin : stdin.number;
}

async function waitUntilReady(
  child: Child,
  { control: { ready, go }, readFact }: Pick<CallPlan, "control" | "readFact">,
  stderr: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  let timer: Timer | undefined;
  // Killing a half-built sandbox could leave its other half behind; without our word it ends by itself.
  function abandon(): void {
    go.write.close();
    timer = setTimeout(() => endAll(child.pid), abandonMs);
  }
  signal.addEventListener("abort", abandon, { once: true });
  if (signal.aborted) abandon();
  const reader = Bun.file(ready.read.number).stream().getReader();
  try {
    const first = await reader.read();
    if (!first.done && !signal.aborted) return;
    const [code, text] = await Promise.all([child.exited, new Response(stderr).text()]);
    signal.throwIfAborted();
    throw new AppError("sandbox-failed", diagnose(text, code, readFact));
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abandon);
    await reader.cancel();
  }
}

function letGo(go: Descriptor): void {
  try {
    writeSync(go.number, "\n");
  } catch {
    // Something killed it while it waited: its exit says so.
  }
  go.close();
}

function followToEnd(
  child: Child,
  stay: Stay,
  { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: number },
) {
  const started = performance.now();
  let cause: "cancelled" | "timed-out" | "flooded" | undefined;
  function end(why: typeof cause): void {
    if (cause !== undefined || child.exitCode !== null || child.signalCode !== null) return;
    cause = why;
    endAll(child.pid);
  }
  const kill = () => end("cancelled");
  const timer = setTimeout(() => end("timed-out"), timeoutMs);
  signal.addEventListener("abort", kill, { once: true });
  async function waitForExit(): Promise<SandboxExit> {
    const code = await child.exited;
    clearTimeout(timer);
    signal.removeEventListener("abort", kill);
    const durationMs = performance.now() - started;
    const hits = stay.end();
    const how = cause === undefined ? toExit(code) : { type: cause };
    return { ...how, durationMs, ...(hits.length === 0 ? {} : { hits }) };
  }
  if (signal.aborted) kill();
  return { exited: waitForExit(), end };
}

/**
 * Kills the first process inside: the kernel takes all others of its namespace along, and only then does bubblewrap,
 * its parent, end. Before there is one, the parent itself.
 */
function endAll(pid: number): void {
  const children = listChildren(pid);
  for (const target of children.length > 0 ? children : [pid]) {
    try {
      process.kill(target, "SIGKILL");
    } catch {
      // It ended by itself.
    }
  }
}

function listChildren(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** The first process inside, which waits for our word. */
function findFirst(pid: number): number {
  const [first] = listChildren(pid);
  if (first !== undefined) return first;
  throw new AppError("sandbox-failed", "The first process of the sandbox is not there.");
}

function readMountInfo(pid: number): string {
  return readFileSync(`/proc/${findFirst(pid)}/mountinfo`, "utf8");
}

/** As a shell says it, 128 + number; one that only repeats what its last command died of reads the same. */
function toExit(code: number) {
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
  return signal === undefined
    ? ({ type: "exited", code } as const)
    : ({ type: "signalled", signal } as const);
}

function toInput(pipe: Descriptor): SandboxInput {
  const sink = Bun.file(pipe.number).writer();
  // A closed descriptor's number may be another file's by now: nothing touches it again.
  let isOver = false;
  return {
    async write(data) {
      try {
        if (isOver) throw new Error("the input has ended");
        await sink.write(data);
        await sink.flush();
      } catch (cause) {
        throw new AppError("sandbox-failed", "The command does not read its input any more.", { cause });
      }
    },
    async end() {
      if (isOver) return;
      isOver = true;
      // What the command did not read is not wanted.
      await Promise.resolve(sink.end()).catch(() => {});
      pipe.close();
    },
  };
}

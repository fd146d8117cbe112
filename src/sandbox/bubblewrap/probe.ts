import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError, explain } from "../../errors.ts";
import { run } from "../../run.ts";
import type { Saying } from "../../words/define-words.ts";
import { sandboxWords } from "../../words/english/sandbox.ts";
import type { LimitInForce, Sandbox, SandboxProbe, SandboxSpec } from "../sandbox.ts";
import { controllers, findPlaces, type Controller, type Place } from "./control-groups.ts";
import { findPrograms } from "./programs.ts";
import { identity } from "./synthetic-etc.ts";

export interface ProbeHost {
  readonly isRoot: boolean;
  readonly searchPath: string;
  readonly kernelRoot: string;
}

const deadlineMs = 10_000;
/** Below the groups, which count from the one after it. */
const probeId = 200_000;
const checks = "[ -w /workspace ] && [ -w /home/agent ] && [ -w /tmp ] && ! [ -w / ] && id -un";

/** Runs a real sandbox in folders of its own. */
export async function probeBubblewrap(
  open: (spec: SandboxSpec) => Promise<Sandbox>,
  { isRoot, searchPath, kernelRoot }: ProbeHost,
  signal: AbortSignal,
): Promise<SandboxProbe> {
  signal.throwIfAborted();
  const deadline = AbortSignal.timeout(deadlineMs);
  const either = AbortSignal.any([signal, deadline]);
  try {
    const { bwrap } = findPrograms(searchPath, isRoot);
    const [version, inside] = await Promise.allSettled([
      readVersion(bwrap, isRoot, either),
      runInside(open, either),
    ]);
    if (version.status === "rejected") throw version.reason;
    if (inside.status === "rejected") throw inside.reason;
    return {
      isAvailable: true,
      facts: [version.value, ...(isRoot ? rootFacts : userFacts())],
      limits: describeLimits(kernelRoot),
    };
  } catch (error) {
    signal.throwIfAborted();
    if (deadline.aborted) return unavailable(sandboxWords.late({ seconds: deadlineMs / 1000 }));
    if (!(error instanceof AppError)) throw error;
    return unavailable(
      error.hint === undefined ? sandboxWords.broken({ said: error.message }) : explain(error),
    );
  }
}

function unavailable({ message, hint = "", words }: Saying): SandboxProbe {
  return {
    isAvailable: false,
    reason: message,
    remedy: hint,
    ...(words === undefined ? {} : { words }),
  };
}

async function readVersion(bwrap: string, isRoot: boolean, signal: AbortSignal): Promise<string> {
  const { stdout } = await run([bwrap, "--version"], {
    signal,
    ...(isRoot ? { uid: probeId, gid: probeId } : {}),
  });
  return stdout.trim();
}

async function runInside(open: (spec: SandboxSpec) => Promise<Sandbox>, signal: AbortSignal): Promise<void> {
  const folder = await mkdtemp("/tmp/nanoclaw-probe-");
  try {
    const [workspace, home, temporary] = [
      join(folder, "workspace"),
      join(folder, "home"),
      join(folder, "tmp"),
    ];
    await using sandbox = await open({ uid: probeId, workspace, home, temporary, mounts: [] });
    const call = await sandbox.spawn(["sh", "-c", checks], { signal });
    const [exit, name, errors] = await Promise.all([
      call.exited,
      new Response(call.stdout).text(),
      new Response(call.stderr).text(),
    ]);
    if (exit.type === "exited" && exit.code === 0 && name.trim() === identity.name) return;
    throw new AppError(
      "sandbox-failed",
      `A command in it did not see what it should (${errors.trim() || exit.type}).`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const rootFacts = ["each group runs as a uid of its own"];

function userFacts(): string[] {
  const groups = process.getgroups?.() ?? [];
  const others = groups.filter((group) => group !== process.getgid?.());
  const oneUser = "all groups run as your own user: namespaces alone keep them apart";
  if (others.length === 0) return [oneUser];
  return [oneUser, `your other ${others.length} group memberships stay with what runs inside`];
}

/** What stands in for a control group that we may not make. */
const instead: Readonly<Record<Controller, Omit<LimitInForce, "lacks">>> = {
  memory: {
    limit: "memoryBytes",
    by: "rlimit, for each process and half more; shared memory is not counted",
  },
  pids: { limit: "processes", by: "rlimit, for each command" },
  cpu: { limit: "cpuPercent", by: "low priority (nice 10)" },
};

function describeLimits(kernelRoot: string): LimitInForce[] {
  const places = findPlaces({ root: kernelRoot });
  const counted = controllers.map((controller): LimitInForce => {
    const place: Place | undefined = places[controller];
    if (place === undefined) return { ...instead[controller], lacks: lacksGroup };
    return { limit: instead[controller].limit, by: `control group, version ${place.version}` };
  });
  return [
    ...counted,
    { limit: "fileBytes", by: "rlimit" },
    ...(["commandMs", "outputBytes", "commands", "freeBytes"] as const).map((limit) => ({
      limit,
      by: "NanoClaw itself",
    })),
  ];
}

const lacksGroup =
  "no control group may be written here; started by `systemd-run --user --scope -p Delegate=yes` it may";

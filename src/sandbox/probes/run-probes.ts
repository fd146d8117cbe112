import { run } from "../../run.ts";
import { defaultLimits } from "../limits.ts";
import type { LimitInForce, Sandbox, SandboxRuntime, ToolSandbox } from "../sandbox.ts";
import { exhaustionProbes } from "./exhaustion.ts";
import { fileProbes } from "./files.ts";
import { networkProbes } from "./network.ts";
import { privilegeProbes } from "./privileges.ts";
import type { Attack, Probe, ProbeResult } from "./probe.ts";
import { processProbes } from "./processes.ts";
import { asBun, openScene, type Scene, type SceneOptions } from "./scene.ts";

export const probes: readonly Probe[] = [
  ...fileProbes,
  ...processProbes,
  ...privilegeProbes,
  ...networkProbes,
  ...exhaustionProbes,
];

const atOnce = 4;
const attackMs = 10_000;
const path = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";

/** What an attack printed and how it ended. */
interface Outcome {
  readonly text: string;
  readonly code: number | string;
}

/** Tries each attack outside, where it must work, and inside, where it must not. Throws `AppError` when there is no sandbox to try it in. */
export async function runProbes(
  runtime: SandboxRuntime,
  options: SceneOptions & { readonly chosen?: readonly Probe[] },
  signal: AbortSignal,
): Promise<ProbeResult[]> {
  await using scene = await openScene(options);
  await using sandbox = await runtime.open(scene.spec);
  const chosen = options.chosen ?? probes;
  const state = await runtime.probe(signal);
  const limits = state.isAvailable ? state.limits : [];
  // The first start of a group's sandbox makes what the others share.
  const hasTool = (await attackInside({ js: 'sys("getpid") > 0' }, sandbox, scene, signal)).text.includes(
    "WORKED",
  );
  const results = new Map<string, ProbeResult>();
  async function work(waiting: Iterator<Probe>): Promise<void> {
    for (let next = waiting.next(); !next.done; next = waiting.next()) {
      signal.throwIfAborted();
      const probe = next.value;
      results.set(
        probe.id,
        await runProbe(probe, { runtime, sandbox, scene, hasTool, limits, ...options }, signal),
      );
    }
  }
  const together = chosen.filter((probe) => probe.limits === undefined).values();
  await Promise.all(Array.from({ length: atOnce }, () => work(together)));
  // What uses up a machine is measured alone.
  await work(chosen.filter((probe) => probe.limits !== undefined).values());
  return chosen.flatMap(({ id }) => results.get(id) ?? []);
}

interface Place {
  readonly runtime: SandboxRuntime;
  readonly sandbox: Sandbox;
  readonly scene: Scene;
  readonly hasTool: boolean;
  readonly limits: readonly LimitInForce[];
  readonly canary: string;
}

async function runProbe(
  probe: Probe,
  { runtime, sandbox, scene, hasTool, canary, ...place }: Place,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const { id, tries, attack, control = attack, limits } = probe;
  const result = { id, tried: tries } as const;
  if ("js" in attack && !hasTool) {
    return { ...result, verdict: "not run", seen: "our own executable cannot make system calls inside" };
  }
  const { lacks } = place.limits.find(({ limit }) => limit === probe.needs) ?? {};
  if (lacks !== undefined) return { ...result, verdict: "not run", seen: lacks };
  const works = ({ text }: Outcome): boolean => text.includes("WORKED") || text.includes(canary);
  const outside = await attackOutside(control, scene, signal);
  await using own =
    limits === undefined
      ? undefined
      : await runtime.open({ ...scene.spec, limits: { ...defaultLimits, ...limits } });
  const inside = await attackInside(attack, own ?? sandbox, scene, signal);
  const seen = describe(inside, canary);
  if (works(inside)) return { ...result, verdict: "leaked", seen };
  if (inside.code === 126 || inside.code === 127) return { ...result, verdict: "not run", seen };
  if (works(outside)) return { ...result, verdict: "held", seen };
  return { ...result, verdict: "no control", seen: `outside neither: ${describe(outside, canary)}` };
}

async function attackOutside(
  attack: Attack,
  { tool, facts, spare }: Scene,
  signal: AbortSignal,
): Promise<Outcome> {
  const argv = "sh" in attack ? ["sh", "-c", attack.sh] : [...tool.outside, attack.js];
  const env = { ...facts, ...asBun, PATH: path, SPARE: spare.outside };
  const { stdout, stderr, code } = await run(argv, {
    signal,
    env,
    cwd: spare.outside,
    timeoutMs: attackMs,
    maxOutputBytes: 8 * 1024 * 1024,
  });
  return { text: `${stderr}\n${stdout}`, code };
}

async function attackInside(
  attack: Attack,
  sandbox: ToolSandbox,
  { tool, facts, spare }: Scene,
  signal: AbortSignal,
): Promise<Outcome> {
  const argv = "sh" in attack ? ["sh", "-c", attack.sh] : [...tool.inside, attack.js];
  const env = { ...facts, ...asBun, SPARE: spare.inside };
  const call = await sandbox.spawn(argv, { signal, env, timeoutMs: attackMs });
  const [stdout, stderr, exit] = await Promise.all([
    new Response(call.stdout).text(),
    new Response(call.stderr).text(),
    call.exited,
  ]);
  signal.throwIfAborted();
  const code = exit.type === "exited" ? exit.code : exit.type === "signalled" ? exit.signal : exit.type;
  const hit = exit.hits?.map((each) => `limit of ${each}`) ?? [];
  return { text: [stdout, stderr, ...hit].join("\n"), code };
}

/** The last thing that it said, without what it must not say; how it ended, if it said nothing. */
function describe({ text, code }: Outcome, canary: string): string {
  if (text.includes(canary)) return "the secret that was hidden for it";
  if (text.includes("WORKED")) return "it worked";
  const lines = text
    .replaceAll("\0", "")
    .split("\n")
    .map((line) => line.trim());
  const last =
    lines
      .findLast((line) => line !== "")
      ?.split(": ")
      .at(-1) ?? "";
  // A line of a list in which the secret is not.
  if (last === "" || last.includes("=")) return typeof code === "number" ? "nothing of it" : code;
  return last.slice(0, 60);
}

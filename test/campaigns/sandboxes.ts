import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { findPlaces } from "../../src/sandbox/bubblewrap/control-groups.ts";
import { createBubblewrap } from "../../src/sandbox/bubblewrap/runtime.ts";
import type { Sandbox, SandboxProcess } from "../../src/sandbox/sandbox.ts";
import { findMounts, findProcesses, waitForNoProcess } from "../fakes/processes.ts";
import { quantile } from "../fakes/random.ts";
import { SandboxBench } from "../fakes/sandbox-bench.ts";

export const name = "sandboxes";

/** Rounds of a hundred sandboxes at once. */
export const sizes = { smoke: 1, ci: 2, full: 20 };

const atOnce = 100;
const promisedMs = 1000;
/** Answers, and leaves behind what would go on for ever: one that ignores being asked to end, one that left its session. */
const line =
  'trap "" TERM HUP; (setsid sleep 300 &) ; sleep 300 & echo "$0" > answer; echo "up $0"; [ "$1" = stay ] && wait; exit 0';

/** A hundred groups at once: each answers, and of none is anything left: when it ends, when it is cancelled, when we are killed. */
export async function run(
  size: number,
  signal: AbortSignal,
  { progress }: CampaignTools,
): Promise<CampaignResult> {
  const answered: number[] = [];
  const gone: number[] = [];
  const killed: number[] = [];
  const problems: string[] = [];
  for (let round = 0; round < size; round++) {
    signal.throwIfAborted();
    await using bench = await SandboxBench.create(createBubblewrap());
    const before = readdirSync("/proc/self/fd").length;
    const began = performance.now();
    const sandboxes = await openAll(bench);
    const controller = new AbortController();
    // Half end by themselves, half must be ended.
    const calls = await Promise.all(
      sandboxes.map((sandbox, index) =>
        sandbox.spawn(["sh", "-c", line, `group-${index}`, index % 2 === 0 ? "go" : "stay"], {
          signal: controller.signal,
        }),
      ),
    );
    const answers = await Promise.all(calls.map(readLine));
    answered.push(performance.now() - began);
    const wrong = answers.filter((answer, index) => answer !== `up group-${index}\n`);
    if (wrong.length > 0) problems.push(`${wrong.length} answered wrongly: ${wrong[0]}`);
    controller.abort();
    const ended = performance.now();
    await Promise.all(calls.map(({ exited }) => exited));
    problems.push(...(await findLeftProcesses(bench.root)));
    gone.push(performance.now() - ended);
    await Promise.all(sandboxes.map((sandbox) => sandbox[Symbol.asyncDispose]()));
    const after = readdirSync("/proc/self/fd").length;
    if (after > before) problems.push(`${after - before} descriptors are left`);
    problems.push(
      ...(await findLeftGroups(process.pid)),
      ...findMounts(bench.root),
      ...findLeftFiles(bench.root),
    );
    killed.push(await killDriver(bench, problems));
    progress(`${(round + 1) * atOnce} of ${size * atOnce}`);
  }
  for (const problem of problems) progress(`FAILED ${problem}`);
  return {
    passed: Math.max(0, size * 2 - problems.length),
    failed: problems.length,
    figures: {
      "sandboxes at once": atOnce,
      "all answered p50 ms": Math.round(quantile(answered, 0.5)),
      "all answered most ms": Math.round(Math.max(...answered)),
      "all gone behind their end most ms": Math.round(Math.max(...gone)),
      "all gone behind our death most ms": Math.round(Math.max(...killed)),
    },
  };
}

async function openAll(bench: SandboxBench): Promise<Sandbox[]> {
  const specs = await Promise.all(Array.from({ length: atOnce }, (_, index) => bench.group(`g${index}`)));
  return await Promise.all(specs.map((spec) => bench.runtime.open(spec)));
}

async function readLine({ stdout }: SandboxProcess): Promise<string> {
  let text = "";
  const reader = stdout.getReader();
  while (!text.endsWith("\n")) {
    const { done, value } = await reader.read();
    if (done) break;
    text += Buffer.from(value).toString();
  }
  await reader.cancel();
  return text;
}

async function findLeftProcesses(root: string): Promise<string[]> {
  const left = await waitForNoProcess(root, promisedMs);
  return left.length === 0 ? [] : [`${left.length} processes are left`];
}

/** The kernel may need a moment behind the last process. */
async function findLeftGroups(pid: number): Promise<string[]> {
  const look = (): string[] =>
    Object.values(findPlaces({ root: "" })).flatMap(({ folder }) =>
      readdirSync(folder).filter((each) => each.startsWith(`nanoclaw-${pid}-`)),
    );
  for (let attempt = 0; attempt < 50 && look().length > 0; attempt++) await Bun.sleep(20);
  return look().map((each) => `the control group ${each} is left`);
}

/** A group has its three folders, and in them what its command wrote. */
function findLeftFiles(root: string): string[] {
  const folder = join(root, "private");
  return readdirSync(folder).flatMap((group) => {
    const found = readdirSync(join(folder, group), { recursive: true }).map(String).sort();
    return found.join() === "home,tmp,workspace,workspace/answer" ? [] : [`${group} holds ${found.join()}`];
  });
}

/** A program that runs as many is killed outright; gives the time until nothing of it was left. */
async function killDriver(bench: SandboxBench, problems: string[]): Promise<number> {
  const path = join(import.meta.dir, "../fakes/sandbox-driver.ts");
  const folder = join(bench.root, "driven");
  const stay = 'trap "" TERM HUP; (setsid sleep 300 &); echo up; while :; do sleep 300; done';
  const argv = [process.execPath, "--no-env-file", path, folder, stay, String(atOnce)];
  const driver = Bun.spawn(argv, { stdout: "pipe", stderr: "inherit", stdin: "ignore" });
  let text = "";
  for await (const chunk of driver.stdout) {
    text += Buffer.from(chunk).toString();
    if (text.split("up\n").length > atOnce) break;
  }
  const count = findProcesses(folder).length;
  driver.kill("SIGKILL");
  const began = performance.now();
  const left = await waitForNoProcess(folder, promisedMs);
  const ms = performance.now() - began;
  if (count < 2 * atOnce) problems.push(`only ${count} processes were seen before the kill`);
  if (left.length > 0) problems.push(`${left.length} processes outlived us`);
  await driver.exited;
  problems.push(...findMounts(folder));
  return ms;
}

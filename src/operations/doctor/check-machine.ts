import { lstat, readdir, readFile, readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../errors.ts";
import { run } from "../../run.ts";
import { listGroups } from "../../store/groups.ts";
import { doctorWords } from "../../words/english/doctor.ts";
import { findRunningProgram } from "../service/running-program.ts";
import { fine, problem, warning, type Check, type Finding } from "./check.ts";

/** Below these the program does not run, or not as it was tested. */
const wanted = { Bun: "1.4.0", "Node.js": "20.0.0" } as const;

export const checkRuntime: Check = async ({ environment, phrases }, signal) => {
  const bun = Bun.version;
  const said = [`Bun ${bun}`];
  const findings = isOlder(bun, wanted.Bun) ? [toOld("Bun", bun)] : [];
  if (findRunningProgram().type === "source") {
    // Compiled, the program needs neither.
    const node = await readNodeVersion(environment["PATH"] ?? "", signal);
    if (node !== undefined) said.push(`Node.js ${node}`);
    if (node !== undefined && isOlder(node, wanted["Node.js"])) findings.push(toOld("Node.js", node));
  }
  return findings.length === 0 ? fine(phrases.runtime({ said: said.join(", ") })) : findings;
};

function toOld(program: keyof typeof wanted, version: string): Finding {
  return problem(doctorWords.programOld({ program, version, wanted: wanted[program] }));
}

async function readNodeVersion(searchPath: string, signal: AbortSignal): Promise<string | undefined> {
  const path = Bun.which("node", { PATH: searchPath });
  if (path === null) return undefined;
  try {
    const { code, stdout } = await run([path, "--version"], { signal, timeoutMs: 5_000 });
    return code === 0 ? stdout.trim().replace(/^v/, "") : undefined;
  } catch (error) {
    if (error instanceof AppError && !signal.aborted) return undefined;
    throw error;
  }
}

function isOlder(version: string, least: string): boolean {
  return Bun.semver.order(version, least) < 0;
}

/** That the shell finds the command, and that no link of ours leads nowhere. */
export const checkPath: Check = async ({ environment, phrases }) => {
  const folders = [`${environment["HOME"]}/.local/bin`, "/usr/local/bin"];
  const links = folders.flatMap((folder) => ["nanoclaw", "claw"].map((name) => join(folder, name)));
  const findings = (await Promise.all(links.map(checkLink))).flat();
  const found = Bun.which("nanoclaw", { PATH: environment["PATH"] ?? "" });
  if (found !== null) return findings.length === 0 ? fine(phrases.path({ path: found })) : findings;
  return findings.length === 0 ? [warning(doctorWords.notOnPath())] : findings;
};

async function checkLink(path: string): Promise<Finding[]> {
  const status = await lstat(path).catch(() => undefined);
  if (status?.isSymbolicLink() !== true) return [];
  const isSound = await stat(path).then(
    () => true,
    () => false,
  );
  return isSound ? [] : [warning(doctorWords.danglingLink({ path, target: await readlink(path) }))];
}

const dyingMs = 2_000;

/** What a killed program may leave, though its sandboxes should die with it. */
export const checkLeftovers: Check = async ({ home, openStore, clock, phrases }, signal) => {
  const store = await openStore();
  const groups = store === undefined ? [] : await listGroups(store.database);
  const uids = new Set(process.getuid?.() === 0 ? groups.map(({ uid }) => uid) : []);
  const seen = await findOrphans(home.groups, uids);
  // Those of a program that has just been killed are still on their way out.
  if (seen.length > 0) await clock.sleep(dyingMs, signal);
  const still = seen.length === 0 ? [] : await findOrphans(home.groups, uids);
  const orphans = seen.filter((pid) => still.includes(pid));
  const mounts = await findMounts(home.groups);
  const findings = [
    ...(orphans.length === 0 ? [] : [problem(doctorWords.orphans({ pids: orphans.map(String) }))]),
    ...mounts.map((path) => problem(doctorWords.leftMount({ path }))),
  ];
  return findings.length === 0 ? fine(phrases.leftovers) : findings;
};

interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  readonly uid: number;
  readonly command: string;
}

/**
 * Processes of a group's uid, or with a group's folder in their arguments, whose parent is gone: the system has given them to
 * its first process, or to the person's service manager.
 */
async function findOrphans(groups: string, uids: ReadonlySet<number>): Promise<readonly number[]> {
  const processes = await listProcesses();
  const byId = new Map(processes.map((each) => [each.pid, each]));
  const isAdopted = ({ parent }: RunningProcess): boolean =>
    parent === 1 || /(?:^|\/)systemd\0/.test(byId.get(parent)?.command ?? "");
  const isOurs = ({ uid, command }: RunningProcess): boolean =>
    uids.has(uid) || (/(?:^|\/)bwrap\0/.test(command) && command.includes(`${groups}/`));
  return processes.filter((each) => isOurs(each) && isAdopted(each)).map(({ pid }) => pid);
}

async function listProcesses(): Promise<readonly RunningProcess[]> {
  const ids = (await readdir("/proc").catch((): string[] => [])).filter((name) => /^\d+$/.test(name));
  const read = ids.map(async (id): Promise<RunningProcess[]> => {
    try {
      const [status, command] = await Promise.all([
        readFile(`/proc/${id}/status`, "utf8"),
        readFile(`/proc/${id}/cmdline`, "latin1"),
      ]);
      const number = (name: string): number =>
        Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
      return [{ pid: Number(id), parent: number("PPid"), uid: number("Uid"), command }];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
  return (await Promise.all(read)).flat();
}

async function findMounts(groups: string): Promise<readonly string[]> {
  const text = await readFile("/proc/self/mounts", "utf8").catch(() => "");
  const places = text.split("\n").map((line) => (line.split(" ")[1] ?? "").replaceAll("\\040", " "));
  return places.filter((place) => place.startsWith(`${groups}/`));
}

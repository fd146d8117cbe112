import { watch } from "node:fs";
import { open, readFile, rm, writeFile } from "node:fs/promises";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import { isProcessAlive, readHolder, type Holder } from "../../store/holder.ts";
import { makePrivateFolder } from "../../store/private-files.ts";
import { serviceWords } from "../../words/english/service.ts";
import { toServiceEnvironment, type ServiceManager, type ServicePlace } from "./service-manager.ts";

const readyMs = 10_000;
/** A little more than the gateway gives what runs. */
const endMs = 12_000;
/** The system has no word for the end of a process that is not our child. */
const lookMs = 50;
const settlingMs = 50;

/**
 * Where nothing starts services, as in a container: the gateway in the background, known by a file with its pid and
 * when it started. It ends with the machine, and nobody starts it again.
 */
export function createBackground(place: ServicePlace, clock: Clock): ServiceManager {
  const { home } = place;
  const file = `${home.run}/gateway.pid`;

  async function findRunning(): Promise<Holder | undefined> {
    const holder = parseHolder(await readFile(file, "utf8").catch(() => ""));
    return holder !== undefined && isProcessAlive(holder) ? holder : undefined;
  }

  async function start(signal: AbortSignal): Promise<void> {
    if ((await findRunning()) !== undefined) return;
    await makePrivateFolder(home.run);
    await makePrivateFolder(home.logs);
    await using errors = await open(`${home.logs}/service.log`, "w", 0o600);
    const child = Bun.spawn([...place.program, "gateway"], {
      cwd: home.root,
      env: { ...toServiceEnvironment(place) },
      stdin: "ignore",
      stdout: "ignore",
      stderr: errors.fd,
      // In a session of its own: the end of this terminal is not its own.
      detached: true,
    });
    child.unref();
    await writeFile(file, JSON.stringify(await readHolder(child.pid)), { mode: 0o600 });
    await waitUntilReady(child.exited, home, signal);
    if (child.exitCode === null && child.signalCode === null) return;
    await rm(file, { force: true });
    const said = (await readFile(`${home.logs}/service.log`, "utf8")).trim().slice(0, 2000);
    throw new AppError("io", serviceWords.endedAtOnce({ said }));
  }

  async function stop(signal: AbortSignal): Promise<void> {
    const holder = await findRunning();
    if (holder !== undefined) {
      process.kill(holder.pid, "SIGTERM");
      const deadline = clock.monotonic() + endMs;
      while (isProcessAlive(holder) && clock.monotonic() < deadline) await clock.sleep(lookMs, signal);
      if (isProcessAlive(holder)) process.kill(holder.pid, "SIGKILL");
    }
    await rm(file, { force: true });
  }

  return {
    name: "background",
    start,
    stop,
    uninstall: stop,
    async install(signal) {
      await stop(signal);
      await start(signal);
      return ["endsWithMachine"];
    },
    async status() {
      const holder = await findRunning();
      return {
        manager: "background",
        isInstalled: holder !== undefined,
        isRunning: holder !== undefined,
        startsWithMachine: false,
        file,
        ...(holder === undefined ? {} : { pid: holder.pid }),
      };
    },
  };
}

/** Until the gateway can be spoken to, or has ended, or has had its time. */
async function waitUntilReady(
  exited: Promise<number>,
  { root }: ServicePlace["home"],
  signal: AbortSignal,
): Promise<void> {
  const done = Promise.withResolvers<void>();
  const timer = setTimeout(done.resolve, readyMs);
  const finish = (): void => done.resolve();
  const look = (): void => void answers(`${root}/gateway.sock`).then((isReady) => isReady && finish());
  // A socket is named before it is listened at, so after a word of it we look once more.
  const watcher = watch(root, () => {
    look();
    setTimeout(look, settlingMs);
  });
  watcher.on("error", () => watcher.close());
  signal.addEventListener("abort", finish, { once: true });
  void exited.then(finish);
  look();
  try {
    await done.promise;
    signal.throwIfAborted();
  } finally {
    clearTimeout(timer);
    watcher.close();
    signal.removeEventListener("abort", finish);
  }
}

/** Whether somebody listens at the other end. */
export async function answers(path: string): Promise<boolean> {
  try {
    // oxlint-disable-next-line no-restricted-properties -- a socket of our own folder, and no network
    const socket = await Bun.connect({ unix: path, socket: { data() {} } });
    socket.end();
    return true;
  } catch {
    return false;
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return undefined;
    const { pid, pidStart, bootId } = { pid: 0, pidStart: "", bootId: "", ...value };
    if (typeof pid !== "number" || typeof pidStart !== "string" || typeof bootId !== "string")
      return undefined;
    return pid > 1 ? { pid, pidStart, bootId } : undefined;
  } catch {
    return undefined;
  }
}

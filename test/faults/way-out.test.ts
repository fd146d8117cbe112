import { expect, test } from "bun:test";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { findCommands } from "../fakes/processes.ts";

const driver = join(import.meta.dir, "../fakes/way-out-driver.ts");
const isRoot = process.getuid?.() === 0;
const marker = "nanoclaw-way-out-";
/** As nobody else does: other tests may do the same at the same time. */
const uid = isRoot ? 1002 : (process.getuid?.() ?? 0);
const isTheirs = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.uid === uid;
const folders = () =>
  readdirSync("/tmp").filter((name) => name.startsWith(marker) && isTheirs(`/tmp/${name}`));
const processes = () => findCommands(marker).filter((pid) => isTheirs(`/proc/${pid}`));

/** Only an ordinary user needs a process that relays, and a socket on the disk for it. */
test("when we are killed, what let a sandbox out is gone a second later, and its socket too", async () => {
  const [oldFolders, oldProcesses] = [folders(), processes()];
  const fresh = () => ({
    folders: folders().filter((name) => !oldFolders.includes(name)),
    processes: processes().filter((pid) => !oldProcesses.includes(pid)),
  });
  const child = Bun.spawn([process.execPath, "--no-env-file", driver, "hold"], {
    env: { PATH: "/usr/bin:/bin" },
    stdout: "pipe",
    ...(isRoot ? { uid, gid: uid } : {}),
  });
  const reader = child.stdout.getReader();
  expect(new TextDecoder().decode((await reader.read()).value)).toBe("held\n");
  expect(fresh()).toMatchObject({ folders: [expect.anything()], processes: [expect.anything()] });
  const killed = performance.now();
  child.kill("SIGKILL");
  await child.exited;
  while (performance.now() - killed < 1000 && fresh().processes.length > 0) await Bun.sleep(5);
  expect(fresh()).toEqual({ folders: [], processes: [] });
}, 20_000);

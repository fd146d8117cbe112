import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { findCommands } from "../fakes/processes.ts";

const driver = join(import.meta.dir, "../fakes/way-out-driver.ts");
const isRoot = process.getuid?.() === 0;
const marker = "nanoclaw-way-out-";
const folders = () => readdirSync("/tmp").filter((name) => name.startsWith(marker));

/** Only an ordinary user needs a process that relays, and a socket on the disk for it. */
test("when we are killed, what let a sandbox out is gone a second later, and its socket too", async () => {
  const [oldFolders, oldProcesses] = [folders(), findCommands(marker)];
  const fresh = () => ({
    folders: folders().filter((name) => !oldFolders.includes(name)),
    processes: findCommands(marker).filter((pid) => !oldProcesses.includes(pid)),
  });
  const child = Bun.spawn([process.execPath, "--no-env-file", driver, "hold"], {
    env: { PATH: "/usr/bin:/bin" },
    stdout: "pipe",
    ...(isRoot ? { uid: 1002, gid: 1002 } : {}),
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

import { expect, test } from "bun:test";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseMounts, requireCovered } from "../../src/sandbox/bubblewrap/covers.ts";
import { createBubblewrap } from "../../src/sandbox/bubblewrap/runtime.ts";
import { SandboxBench, shell } from "../fakes/sandbox-bench.ts";

const swapper = (link: string) => `
import ctypes, os
os.chdir("/workspace/extra/lent")
os.mkdir(".vscode")
os.symlink(${JSON.stringify(link)}, "other")
libc = ctypes.CDLL(None)
print("up", flush=True)
while True:
    libc.renameat2(-100, b".vscode", -100, b"other", 2)
    for i in range(3000): pass
`;

test("a running command that swaps a covered name for a link never brings a folder of the host in", async () => {
  await using bench = await SandboxBench.create(createBubblewrap());
  const source = join(bench.root, "lent");
  const hostFolder = join(bench.root, "of-the-host");
  for (const folder of [source, hostFolder]) mkdirSync(folder);
  chmodSync(source, 0o777);
  writeFileSync(join(hostFolder, "tale"), "canary-host");
  await using sandbox = await bench.runtime.open(
    await bench.group("racer", [{ name: "lent", source, canWrite: true }]),
  );
  // The same path exists inside, so that the mount has a place to land on.
  await shell(sandbox, `mkdir -p ${hostFolder}`);
  const signal = AbortSignal.timeout(60_000);
  const job = await sandbox.spawn(["python3", "-c", swapper(`../../..${hostFolder}`)], { signal });
  await job.stdout.getReader().read();
  const seen: string[] = [];
  for (let round = 0; round < 60; round += 1) {
    const look = shell(sandbox, `cat ${hostFolder}/tale extra/lent/.vscode/tale extra/lent/other/tale`);
    seen.push(await look.then(({ stdout }) => stdout).catch(() => "refused"));
  }
  job.kill();
  await job.exited;
  expect(seen.filter((text) => text.includes("canary"))).toEqual([]);
}, 60_000);

const mountInfo = String.raw`
30 29 8:1 / / ro - ext4 /dev/sda1 ro
31 30 8:1 /home/me/my\040project /workspace/extra/lent rw - ext4 /dev/sda1 rw
32 31 8:1 /home/me/my\040project/.vscode /workspace/extra/lent/.vscode ro - ext4 /dev/sda1 rw
33 31 0:50 /bindfile1 /workspace/extra/lent/.env ro - tmpfs tmpfs rw
34 31 8:2 / /workspace/extra/lent/disk rw - ext4 /dev/sda2 rw
35 34 8:2 /.git /workspace/extra/lent/disk/.git ro - ext4 /dev/sda2 rw
36 34 8:2 / /workspace/extra/lent/disk rw - ext4 /dev/sda2 rw
`;
const folder = { target: "/workspace/extra/lent", canWrite: true };
const covers = { hiddenFiles: [".env"], hiddenFolders: [], kept: [".vscode", "disk/.git"] };

test("covers that lie on their places pass, also below a mount of the host's", () => {
  expect(() => requireCovered(folder, covers, parseMounts(mountInfo))).not.toThrow();
});

test.each([
  ["another folder of the host stands there", "project/.vscode /", "project/.ssh /"],
  ["the same path of another disk stands there", "32 31 8:1", "32 31 8:3"],
  ["the cover lies somewhere else", "/lent/.vscode ro", "/lent/other ro"],
  ["the cover of a secret lies somewhere else", "/lent/.env ro", "/lent/other ro"],
])("refused: %s", (_, from, to) => {
  const mounts = parseMounts(mountInfo.replace(from, to));
  expect(mounts).not.toEqual(parseMounts(mountInfo));
  expect(() => requireCovered(folder, covers, mounts)).toThrow("changed while the sandbox was made");
});

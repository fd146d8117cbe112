import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createBubblewrap } from "../../src/sandbox/bubblewrap/runtime.ts";
import { systemSearchPath } from "../../src/sandbox/bubblewrap/programs.ts";
import { makeTemporaryFolder } from "../fakes/temporary-store.ts";

let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>;
beforeAll(async () => {
  folder = await makeTemporaryFolder();
  await chmod(folder.path, 0o755);
});
afterAll(() => folder[Symbol.asyncDispose]());

/** What each of these systems lets bubblewrap say, and what stands in its files. */
const systems = [
  {
    name: "Ubuntu 24.04, where AppArmor allows namespaces to named programs only",
    says: "bwrap: setting up uid map: Permission denied",
    facts: { "proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1\n" },
    cause: "AppArmor forbids",
    remedy: "apparmor_parser -r /etc/apparmor.d/bwrap",
  },
  {
    name: "a Debian whose kernel gives users no namespaces",
    says: "bwrap: No permissions to creating new namespace, likely because the kernel does not allow non-privileged user namespaces.",
    facts: { "proc/sys/kernel/unprivileged_userns_clone": "0\n" },
    cause: "allows users no namespaces",
    remedy: "sudo sysctl -w kernel.unprivileged_userns_clone=1",
  },
  {
    name: "a system hardened to have none",
    says: "bwrap: Creating new namespace failed: No space left on device",
    facts: { "proc/sys/user/max_user_namespaces": "0\n" },
    cause: "allows users no namespaces",
    remedy: "sudo sysctl -w user.max_user_namespaces=28633",
  },
  {
    name: "a container of Docker with its default rules",
    says: "bwrap: No permissions to create a new namespace",
    facts: { ".dockerenv": "" },
    cause: "This container forbids",
    remedy: "docker run --security-opt seccomp=unconfined",
  },
  {
    name: "a container of systemd or LXC",
    says: "bwrap: Can't mount proc on /newroot/proc: Operation not permitted",
    facts: { "run/systemd/container": "lxc\n" },
    cause: "This container forbids",
    remedy: "systempaths=unconfined",
  },
] as const;

test.each(systems)("on $name the probe names the cause and what to type", async (system) => {
  const root = join(folder.path, String(systems.indexOf(system)));
  for (const [path, text] of Object.entries(system.facts)) {
    await mkdir(join(root, path, ".."), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const programs = join(root, "programs");
  await mkdir(programs, { recursive: true });
  const script = `#!/bin/sh\n[ "$1" = --version ] && exec echo bubblewrap 0.9.0\necho "${system.says}" >&2\nexit 1\n`;
  await writeFile(join(programs, "bwrap"), script, { mode: 0o755 });
  const searchPath = `${programs}:${systemSearchPath}`;
  const probe = await createBubblewrap({ searchPath, kernelRoot: root }).probe(AbortSignal.timeout(20_000));
  expect(probe).toMatchObject({
    isAvailable: false,
    reason: expect.stringContaining(system.cause),
    remedy: expect.stringContaining(system.remedy),
  });
});

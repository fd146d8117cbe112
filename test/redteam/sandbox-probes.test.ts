import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createBubblewrap } from "../../src/sandbox/bubblewrap/runtime.ts";
import type { ProbeResult } from "../../src/sandbox/probes/probe.ts";
import { probes, runProbes } from "../../src/sandbox/probes/run-probes.ts";
import { openScene } from "../../src/sandbox/probes/scene.ts";
import type { SandboxRuntime } from "../../src/sandbox/sandbox.ts";
import { findSystemCall } from "../../src/sandbox/system-calls.ts";
import { SandboxBench } from "../fakes/sandbox-bench.ts";
import { createWeakBubblewrap } from "../fakes/weak-bubblewrap.ts";

const isRoot = process.getuid?.() === 0;
let bench: SandboxBench;
beforeAll(async () => {
  bench = await SandboxBench.create(createBubblewrap());
});
afterAll(() => bench[Symbol.asyncDispose]());

async function tryAll(
  runtime: SandboxRuntime,
  ids: readonly string[] = probes.map(({ id }) => id),
): Promise<readonly ProbeResult[]> {
  const canary = `canary-${crypto.randomUUID()}`;
  const chosen = probes.filter(({ id }) => ids.includes(id));
  return await runProbes(runtime, { canary, state: bench.root, chosen }, AbortSignal.timeout(60_000));
}

test("nothing leaks, and nearly all that is tried works outside", async () => {
  const results = await tryAll(createBubblewrap());
  expect(results.map(({ id }) => id)).toEqual(probes.map(({ id }) => id));
  expect(results.filter(({ verdict }) => verdict === "leaked")).toEqual([]);
  expect(results.filter(({ verdict }) => verdict === "not run").length).toBeLessThanOrEqual(1);
  const held = results.filter(({ verdict }) => verdict === "held");
  // Much of what root may do no ordinary user may do outside either.
  expect(held.length).toBeGreaterThanOrEqual(isRoot ? 62 : 44);
}, 60_000);

test("what was made to be attacked is gone afterwards", async () => {
  const scene = await openScene({ canary: "canary-scene", state: bench.root });
  const { SSH_KEY = "", HOST_SHM = "", SOCKET = "", VICTIM = "", SHM_KEY = "" } = scene.facts;
  const segment = new RegExp(`^ *${SHM_KEY} `, "m");
  expect([SSH_KEY, HOST_SHM, SOCKET, `/proc/${VICTIM}`].map((path) => existsSync(path))).not.toContain(false);
  expect(readFileSync("/proc/sysvipc/shm", "utf8")).toMatch(segment);
  await scene[Symbol.asyncDispose]();
  expect([SSH_KEY, HOST_SHM, SOCKET, `/proc/${VICTIM}`].map((path) => existsSync(path))).not.toContain(true);
  expect(readFileSync("/proc/sysvipc/shm", "utf8")).not.toMatch(segment);
});

/** Each without one control, and what must then be seen to leak. */
const weakenings = [
  {
    name: "the filter of system calls",
    changes: [{ without: "--seccomp", instead: ["--sync-fd"] }],
    leaks: ["priv.status", "fs.suid-file", "sys.io_uring", "net.vsock"],
  },
  {
    name: "a network of its own",
    changes: [{ without: "--unshare-all", instead: ["--unshare-pid", "--unshare-ipc", "--unshare-uts"] }],
    leaks: ["net.host-loopback", "net.interfaces", "sock.host-abstract"],
  },
  {
    name: "processes of its own",
    changes: [
      { without: "--unshare-all", instead: ["--unshare-net", "--unshare-ipc", "--unshare-uts"] },
      { without: "--as-pid-1" },
    ],
    leaks: ["proc.see-host"],
  },
  {
    name: "shared memory of its own",
    changes: [{ without: "--unshare-all", instead: ["--unshare-net", "--unshare-pid", "--unshare-uts"] }],
    leaks: ["ipc.host-segment"],
  },
  {
    name: "a name of its own",
    changes: [
      { without: "--unshare-all", instead: ["--unshare-net", "--unshare-pid", "--unshare-ipc"] },
      { without: "--hostname", instead: ["--setenv", "NAME"] },
    ],
    leaks: ["proc.host-name"],
  },
  {
    name: "files of its own",
    changes: [{ without: "--remount-ro", instead: ["--ro-bind", "/tmp", "/host", "--chmod", "0755"] }],
    leaks: ["fs.write-root", "dos.devices"],
  },
] as const;

test.each(weakenings)("without $name the same attacks leak", async ({ changes, leaks }) => {
  const weak = await createWeakBubblewrap(mkdtempSync(join(bench.root, "weak-")), ...changes);
  const results = await tryAll(weak, leaks);
  expect(results.map(({ id, verdict }) => [id, verdict])).toEqual(results.map(({ id }) => [id, "leaked"]));
  expect(results).toHaveLength(leaks.length);
});

test("an attack that does not work outside proves nothing, and one that cannot be tried is not held", async () => {
  const chosen = [
    { id: "x.nothing", tries: "read what is not there", attack: { sh: "cat /nowhere" } },
    {
      id: "x.missing",
      tries: "run what is not there",
      attack: { sh: "no-such-program" },
      control: { sh: "echo WORKED" },
    },
    { id: "x.wide", tries: "print", attack: { sh: "echo WORKED" } },
    {
      id: "x.broken",
      tries: "make a call that is not known",
      attack: { js: 'sys("nonsense") >= 0' },
      control: { sh: "echo WORKED" },
    },
    { id: "x.held", tries: "see the host's folder", attack: { sh: 'cat "$OTHER_FILE"' } },
  ];
  const results = await runProbes(
    createBubblewrap(),
    { canary: "canary-x", state: bench.root, chosen },
    AbortSignal.timeout(60_000),
  );
  expect(results.map(({ verdict }) => verdict)).toEqual([
    "no control",
    "not run",
    "leaked",
    "not run",
    "held",
  ]);
  expect(JSON.stringify(results)).not.toContain("canary-x");
});

test("every system call that a probe makes is known by number on both kinds of machine", () => {
  const names = probes.flatMap(({ attack }) =>
    "js" in attack ? [...attack.js.matchAll(/sys\("(\w+)"/g)] : [],
  );
  expect(names.length).toBeGreaterThan(20);
  for (const [, name] of names) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whether it is one is the question
    expect([
      name,
      typeof findSystemCall(name as "open", "x64"),
      typeof findSystemCall(name as "open", "arm64"),
    ]).toEqual([name, "number", "number"]);
  }
});

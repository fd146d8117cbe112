import { afterAll, beforeAll } from "bun:test";
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createBubblewrap } from "../../../src/sandbox/bubblewrap/runtime.ts";
import { diagnose } from "../../../src/sandbox/bubblewrap/failure.ts";
import { explain } from "../../../src/errors.ts";
import { defaultLimits, type SandboxLimits } from "../../../src/sandbox/limits.ts";
import type { Failures } from "../../../src/words/english/failures.ts";
import { sandboxWords } from "../../../src/words/english/sandbox.ts";
import { inForbidden } from "../../fakes/forbidden-namespaces.ts";
import { ProgramBench } from "../../fakes/program-bench.ts";
import { type Provocation, testProvocations, toSaid } from "../../fakes/provoke.ts";
import { SandboxBench, shell } from "../../fakes/sandbox-bench.ts";
import { makeTemporaryFolder } from "../../fakes/temporary-store.ts";

const fake = await makeTemporaryFolder();
beforeAll(() => chmod(fake.path, 0o755));
afterAll(() => fake[Symbol.asyncDispose]());

/** What the probe says of a machine where `bwrap` is this script, or nothing. */
async function probe(name: string, bwrap?: string): Promise<string> {
  const folder = join(fake.path, name);
  await mkdir(folder);
  await chmod(folder, 0o755);
  for (const program of ["unshare", "nsenter", "setpriv"]) {
    await symlink(Bun.which(program) ?? `/usr/bin/${program}`, join(folder, program));
  }
  await symlink("/bin/sh", join(folder, "sh"));
  await writeFile(join(folder, "apt-get"), "#!/bin/sh\n", { mode: 0o755 });
  if (bwrap !== undefined) await writeFile(join(folder, "bwrap"), `#!/bin/sh\n${bwrap}\n`, { mode: 0o755 });
  const searchPath = bwrap === undefined ? folder : `${folder}:/usr/bin:/bin:/usr/sbin:/sbin`;
  const result = await createBubblewrap({ searchPath }).probe(AbortSignal.timeout(20_000));
  return result.isAvailable ? "it is available" : toSaid({ message: result.reason, hint: result.remedy });
}

/** What a second command is told in a sandbox with these limits. */
async function provokeLimit(limits: Partial<SandboxLimits>): Promise<string> {
  await using bench = await SandboxBench.create(createBubblewrap());
  const spec = { ...(await bench.group("limited")), limits: { ...defaultLimits, ...limits } };
  await using sandbox = await bench.runtime.open(spec);
  try {
    await Promise.all([shell(sandbox, "sleep 0.2"), shell(sandbox, "true")]);
    return "it ran";
  } catch (error) {
    return toSaid(explain(error));
  }
}

const denied = "bwrap: setting up uid map: Permission denied\n";

function withFacts(facts: Readonly<Record<string, string>>): string {
  return toSaid(diagnose(denied, 1, (path) => facts[path]));
}

testProvocations("sandbox", {
  missing: {
    names: ["The program bwrap is not installed", "apt-get install bubblewrap"],
    provoke: () => probe("missing"),
  },
  tooOld: {
    names: ["bubblewrap is too old", "--disable-userns", "0.8 or newer"],
    provoke: () => probe("old", "echo 'bwrap: Unknown option --disable-userns' >&2; exit 1"),
  },
  inContainer: {
    whyNot: "it needs a container",
    names: ["This container forbids a sandbox", "docker run --security-opt"],
    provoke: () => withFacts({ "/.dockerenv": "" }),
  },
  appArmor: {
    whyNot: "it needs Ubuntu's kernel",
    names: ["AppArmor forbids", "sudo tee /etc/apparmor.d/bwrap"],
    provoke: () => withFacts({ "/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1" }),
  },
  switchedOff: {
    names: ["allows users no namespaces", "sudo sysctl -w user.max_user_namespaces="],
    provoke: async () => {
      await using bench = await ProgramBench.open();
      await chmod(bench.root, 0o777);
      const env = { NANOCLAW_HOME: join(bench.root, "new") };
      return (await bench.run(["status"], { under: inForbidden, env })).out;
    },
  },
  forbidden: {
    whyNot: "it needs a service manager that forbids it",
    names: ["forbids NanoClaw to make namespaces", "outside of containers"],
    provoke: () => withFacts({}),
  },
  outOfMemory: {
    whyNot: "taking all memory would take it from others",
    names: ["no memory or no process left", "ulimit -u"],
    provoke: () => toSaid(diagnose("bwrap: Can't fork for child: Resource temporarily unavailable\n", 1)),
  },
  diskNearlyFull: {
    names: ["The disk is nearly full", "df -h", "sandbox.limits.freeMb"],
    provoke: () => provokeLimit({ freeBytes: 1e18 }),
  },
  tooManyCommands: {
    names: ["1 commands are running", "sandbox.limits.commands"],
    provoke: () => provokeLimit({ commands: 1 }),
  },
  noControlGroup: {
    whyNot: "it needs a machine whose control groups change hands meanwhile",
    names: ["could not be set", "nanoclaw sandbox status"],
    provoke: () => toSaid(sandboxWords.noControlGroup({ said: "EBUSY" })),
  },
  notStarted: {
    names: ["exit code 7", "bwrap --unshare-all"],
    provoke: () => probe("silent", '[ "$1" = --version ] || exit 7'),
  },
  broken: {
    names: ["did not see what it should", "bwrap --unshare-all"],
    provoke: () => probe("open", 'while [ "$1" != -- ]; do shift; done; shift; "$@"; exit $?'),
  },
  late: {
    whyNot: "it takes ten seconds",
    names: ["within 10 seconds", "bwrap --unshare-all"],
    provoke: () => toSaid(sandboxWords.late({ seconds: 10 })),
  },
  noLibrary: {
    whyNot: "Bun itself needs one",
    names: ["C library", "glibc or musl"],
    provoke: () => toSaid(sandboxWords.noLibrary()),
  },
} satisfies Record<keyof Failures["sandbox"], Provocation>);

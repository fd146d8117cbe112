import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { createBubblewrap } from "../../src/sandbox/bubblewrap/runtime.ts";
import type { Sandbox, SandboxSpec } from "../../src/sandbox/sandbox.ts";
import { findSystemCall } from "../../src/sandbox/system-calls.ts";
import { SandboxBench, shell } from "../fakes/sandbox-bench.ts";
import { createWeakBubblewrap } from "../fakes/weak-bubblewrap.ts";

const isRoot = process.getuid?.() === 0;
const canary = `canary-${process.pid}-${Math.trunc(performance.timeOrigin)}`;

let bench: SandboxBench;
let spec: SandboxSpec;
let sandbox: Sandbox;
beforeAll(async () => {
  bench = await SandboxBench.create(createBubblewrap());
  spec = await bench.group("target");
  sandbox = await bench.runtime.open(spec);
});
afterAll(async () => {
  await sandbox[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
});

/** The same attack in a sandbox without one of its controls. */
async function attackWithout(
  line: string,
  ...changes: readonly Parameters<typeof createWeakBubblewrap>[1][]
): Promise<{ readonly stdout: string; readonly code: number | string }> {
  const runtime = await createWeakBubblewrap(mkdtempSync(join(bench.root, "weak-")), ...changes);
  await using weak = await runtime.open(spec);
  return await shell(weak, line);
}

/** On the host, as the uid that the group has there. */
async function attackOutside(line: string, env: Record<string, string> = {}): Promise<string> {
  const child = Bun.spawn(["sh", "-c", line], {
    env: { PATH: "/usr/bin:/bin", ...env },
    ...(isRoot ? { uid: spec.uid, gid: spec.uid } : {}),
  });
  return child.stdout.text();
}

describe("the network", () => {
  test("nothing on the host answers by its address; with the host's network it does", async () => {
    using server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response(canary) });
    const line = `curl -s --max-time 5 http://127.0.0.1:${server.port}/`;
    expect((await shell(sandbox, line)).stdout).toBe("");
    const shared = ["--unshare-pid", "--unshare-ipc", "--unshare-uts"];
    const weak = await attackWithout(line, { without: "--unshare-all", instead: shared });
    expect(weak.stdout).toBe(canary);
  });

  test("there is one interface, and it leads nowhere", async () => {
    expect(
      (
        await shell(sandbox, "ls /sys/class/net 2>/dev/null; tail -n +3 /proc/net/dev | cut -d: -f1")
      ).stdout.trim(),
    ).toBe("lo");
  });
});

/** In the place of the filter, with its descriptor, something that filters nothing. */
const noFilter = { without: "--seccomp", instead: ["--sync-fd"] };

describe("system calls", () => {
  const python = (...lines: readonly string[]) => `python3 -c '${lines.join("\n")}'`;

  test("no address family but the usual ones; without the filter the hypervisor's can be had", async () => {
    const open = python(
      "import socket",
      "for family in [40, 17, 38, 16, 10, 2, 1]:",
      "  try: socket.socket(family, socket.SOCK_DGRAM).close(); print(family)",
      "  except OSError as error: print(family, error.errno)",
    );
    const usual = ["16", "10", "2", "1"];
    const { stdout } = await shell(sandbox, open);
    expect(stdout.trim().split("\n")).toEqual(["40 97", "17 97", "38 97", ...usual]);
    const weak = await attackWithout(open, noFilter);
    expect(weak.stdout.trim().split("\n")).not.toContain("17 97");
  });

  test("no file that lends its owner's uid can be made; without the filter it can", async () => {
    const make = [
      "rm -rf made && mkdir made && cd made && cp /bin/true chmodded && chmod 4755 chmodded",
      "cp /bin/true group && chmod g+s group",
      "install -m 6755 /bin/true installed",
      "mkdir -m 2755 folder",
      python(
        "import os",
        "os.umask(0)",
        'attempts = [lambda: os.close(os.open("opened", os.O_CREAT | os.O_WRONLY, 0o4755)),',
        '  lambda: os.mkfifo("pipe", 0o4755), lambda: os.mkdir("dir", 0o2755)]',
        "for attempt in attempts:",
        "  try: attempt()",
        "  except PermissionError: pass",
      ),
    ].join("; ");
    const find = "cd /workspace/made && find . -perm /6000 | sort | tr '\\n' ' '";
    await shell(sandbox, make);
    expect((await shell(sandbox, find)).stdout).toBe("");
    await attackWithout(make, noFilter);
    expect((await shell(sandbox, find)).stdout).toContain("./chmodded");
    expect((await shell(sandbox, find)).stdout).toContain("./opened");
    await shell(sandbox, "rm -rf made");
  });

  test("modes without those bits are set as ever", async () => {
    const line =
      "umask 0; mkdir -m 1777 d && install -m 751 /bin/true f && chmod 640 f && stat -c %a d f; rm -r d f";
    expect((await shell(sandbox, line)).stdout).toBe("1777\n640\n");
  });

  test("what the kernel offers administrators is refused before it looks; without the filter it looks", async () => {
    const names = ["add_key", "bpf", "perf_event_open", "syslog", "mount", "setns", "init_module"] as const;
    const numbers = names.map((name) => findSystemCall(name));
    const call = python(
      "import ctypes",
      "libc = ctypes.CDLL(None, use_errno=True)",
      `for number in [${numbers.join()}]:`,
      "  print(libc.syscall(number, 0, 0, 0, 0, 0), ctypes.get_errno())",
    );
    expect((await shell(sandbox, call)).stdout).toBe("-1 1\n".repeat(names.length));
    expect((await attackWithout(call, noFilter)).stdout).not.toBe("-1 1\n".repeat(names.length));
  });

  test("a command cannot type into the terminal that it has; without the filter it can", async () => {
    const type = python(
      "import fcntl, pty, os",
      "pid, terminal = pty.fork()",
      "if pid == 0:",
      '  try: fcntl.ioctl(0, 0x5412, b"x"); print("typed", flush=True)',
      '  except OSError as error: print("refused", error.errno, flush=True)',
      "  os._exit(0)",
      "print(os.read(terminal, 100).decode())",
    );
    expect((await shell(sandbox, type)).stdout).toContain("refused 1");
    expect((await attackWithout(type, noFilter)).stdout).not.toContain("refused 1");
  });

  test("kernel keys and io_uring are out of reach", async () => {
    const call = python(
      "import ctypes",
      "libc = ctypes.CDLL(None, use_errno=True)",
      "for number in [425, 437, 452]:",
      "  print(libc.syscall(number, 0, 0, 0, 0), ctypes.get_errno())",
    );
    expect((await shell(sandbox, call)).stdout).toBe("-1 38\n-1 38\n-1 38\n");
  });
});

describe("processes of the host", () => {
  test("their environment is out of sight; without a process namespace it is not", async () => {
    const victim = Bun.spawn(["sleep", "60"], {
      env: { PATH: "/usr/bin:/bin", CANARY: canary },
      ...(isRoot ? { uid: spec.uid, gid: spec.uid } : {}),
    });
    try {
      const line = `cat /proc/[0-9]*/environ 2>/dev/null | grep -ac ${canary}`;
      // Grep's own command line is no environment, but what asks for it inside has none of the host either.
      expect((await shell(sandbox, line)).stdout).toBe("0\n");
      expect(Number(await attackOutside(line))).toBeGreaterThan(0);
      expect((await shell(sandbox, `kill -0 ${victim.pid}`)).code).not.toBe(0);
      expect(await attackOutside(`kill -0 ${victim.pid} && echo alive`)).toBe("alive\n");
    } finally {
      victim.kill(9);
      await victim.exited;
    }
  });

  test("an addition to the environment stands in no command line of the host", async () => {
    const search = () =>
      Bun.spawn(["sh", "-c", `grep -al "$NEEDLE" /proc/[0-9]*/cmdline 2>/dev/null`], {
        env: { PATH: "/usr/bin:/bin", NEEDLE: canary },
      }).stdout.text();
    const signal = AbortSignal.timeout(30_000);
    const call = await sandbox.spawn(["sh", "-c", "echo up; sleep 60"], { signal, env: { TOKEN: canary } });
    await call.stdout.getReader().read();
    expect(await search()).toBe("");
    call.kill();
    const shown = await sandbox.spawn(["sh", "-c", "echo up; sleep 60", canary], { signal });
    await shown.stdout.getReader().read();
    expect(await search()).not.toBe("");
    shown.kill();
    await Promise.all([call.exited, shown.exited]);
  });
});

describe("privileges", () => {
  test("there are none to use and none to gain", async () => {
    const { stdout } = await shell(sandbox, "grep -E '^(Cap|NoNewPrivs|Groups)' /proc/self/status");
    const empty = /^(Cap(Inh|Prm|Eff|Bnd|Amb):\t0{16}\n){5}/m;
    expect(stdout).toMatch(empty);
    expect(stdout).toContain("NoNewPrivs:\t1");
    if (isRoot) expect(stdout).toMatch(/^Groups:\s*$/m);
  });

  test("another user namespace cannot be made, by the filter and by the option; without both it can", async () => {
    const line = "unshare --user --map-root-user id -u";
    const noOption = { without: "--disable-userns" };
    expect(await shell(sandbox, line)).toMatchObject({ stdout: "", code: 1 });
    expect((await attackWithout(line, noOption)).stdout).toBe("");
    expect((await attackWithout(line, noFilter)).stdout).toBe("");
    expect((await attackWithout(line, noOption, noFilter)).stdout).toBe("0\n");
  });

  test("nothing can be mounted or mounted anew", async () => {
    for (const line of [
      "mount -t tmpfs x /tmp",
      "mount -o remount,rw /usr",
      "umount /proc",
      "chroot / true",
    ]) {
      expect((await shell(sandbox, line)).code).not.toBe(0);
    }
  });

  test.skipIf(!isRoot)("settings of the kernel cannot be written; run by root itself they can", async () => {
    // The value that is there already: the host does not change.
    const line =
      "value=$(cat /proc/sys/vm/overcommit_memory); echo $value > /proc/sys/vm/overcommit_memory && echo written";
    expect((await shell(sandbox, line)).stdout).toBe("");
    const spare = await bench.group("as-root");
    const folder = mkdtempSync(join(bench.root, "weak-"));
    const entry = `#!/bin/sh\nmount=$1\nwhile [ "$1" != -- ]; do shift; done\nexec /usr/bin/nsenter "$mount" "$@"\n`;
    writeFileSync(join(folder, "nsenter"), entry, { mode: 0o755 });
    const runtime = createBubblewrap({ searchPath: `${folder}:/usr/bin:/bin:/usr/sbin` });
    await using weak = await runtime.open(spare);
    expect((await shell(weak, line, { cwd: "/" })).stdout).toBe("written\n");
  });

  test.skipIf(!isRoot)(
    "a set-id file of root's in the workspace gives nothing; on the host it does",
    async () => {
      const path = join(spec.workspace, "rootid");
      copyFileSync("/usr/bin/id", path);
      chownSync(path, 0, 0);
      chmodSync(path, 0o4755);
      expect((await shell(sandbox, "./rootid -u")).stdout).toBe("1000\n");
      const outside = join(bench.root, "rootid");
      copyFileSync("/usr/bin/id", outside);
      chmodSync(outside, 0o4755);
      expect(await attackOutside(`${outside} -u`)).toBe("0\n");
    },
  );

  test.skipIf(!isRoot)("a sandbox never runs as an account of the system", async () => {
    for (const uid of [0, 33, 999, -1, 1.5]) {
      await expect(bench.runtime.open({ ...spec, uid })).rejects.toMatchObject({
        code: "sandbox-unavailable",
      });
    }
  });
});

describe("files of the host", () => {
  test("what anyone may read there does not exist here, by name and through links", async () => {
    const path = join(bench.root, "public");
    writeFileSync(path, canary, { mode: 0o644 });
    expect(await attackOutside(`cat ${path}`)).toBe(canary);
    const line = `ln -sf ${path} link; cat link ${path} /proc/1/root${path} /proc/self/root${path} ../..${path} 2>/dev/null`;
    expect((await shell(sandbox, line)).stdout).toBe("");
  });

  test("another group's folders cannot be reached", async () => {
    const other = await bench.group("victim");
    await using victim = await bench.runtime.open(other);
    await shell(victim, `echo ${canary} > diary; chmod 777 . diary`);
    expect((await shell(victim, "cat diary")).stdout).toBe(`${canary}\n`);
    expect(
      (await shell(sandbox, `cat ${other.workspace}/diary /workspace/../victim/workspace/diary`)).stdout,
    ).toBe("");
  });

  test("the system is read-only, also its root; without that step it is not", async () => {
    for (const path of ["/new", "/etc/new", "/home/new", "/usr/new", "/workspace/../new"]) {
      expect((await shell(sandbox, `touch ${path}`)).code).not.toBe(0);
    }
    const weak = await attackWithout("touch /new && echo made", {
      without: "--remount-ro",
      instead: ["--dir"],
    });
    expect(weak.stdout).toBe("made\n");
  });

  test("who and where the host is stays unknown", async () => {
    expect((await shell(sandbox, "uname -n; hostname")).stdout).toBe("sandbox\nsandbox\n");
    const line =
      "cat /etc/machine-id /etc/shadow /etc/resolv.conf /var/lib/dbus/machine-id /proc/sys/kernel/hostname 2>/dev/null";
    expect((await shell(sandbox, line)).stdout).toBe("sandbox\n");
    expect((await shell(sandbox, "cut -d: -f1 /etc/passwd")).stdout).toBe("root\nagent\nnobody\n");
  });

  test("no descriptor is handed down but the usual three", async () => {
    // The listing's own is the fourth.
    expect((await shell(sandbox, "ls /proc/self/fd")).stdout).toBe("0\n1\n2\n3\n");
    expect((await shell(sandbox, "ls /proc/1/fd")).stdout).not.toMatch(/^[3-9]$/m);
  });

  test("there are no devices but the harmless ones", async () => {
    const harmless =
      "console core fd full null ptmx pts random shm stderr stdin stdout tty urandom zero".split(" ");
    const { stdout } = await shell(sandbox, "ls /dev");
    expect(
      stdout
        .trim()
        .split("\n")
        .filter((name) => !harmless.includes(name)),
    ).toEqual([]);
    expect((await shell(sandbox, "mknod null c 1 3")).code).not.toBe(0);
  });
});

describe("folders of the group, on the host", () => {
  test("one that became a link is refused before anything starts", async () => {
    const planted = await bench.group("planted");
    symlinkSync("/etc", planted.workspace);
    await expect(bench.runtime.open(planted)).rejects.toMatchObject({ code: "sandbox-failed" });
  });

  test.skipIf(!isRoot)("one that was swapped between the check and the mount is refused", async () => {
    const swapped = await bench.group("swapped");
    await using opened = await bench.runtime.open(swapped);
    Bun.spawnSync(["mv", swapped.workspace, `${swapped.workspace}-away`]);
    symlinkSync("/etc", swapped.workspace);
    await expect(shell(opened, "ls")).rejects.toMatchObject({
      code: "sandbox-failed",
      message: expect.stringContaining("taken the place"),
    });
  });

  test.skipIf(!isRoot)("ones of another uid are refused, and no owner below them is changed", async () => {
    const foreign = await bench.group("foreign");
    mkdirSync(foreign.workspace);
    writeFileSync(join(foreign.workspace, "file"), canary);
    await expect(bench.runtime.open(foreign)).rejects.toMatchObject({ code: "sandbox-failed" });
    expect(Bun.spawnSync(["stat", "-c", "%u", join(foreign.workspace, "file")]).stdout.toString()).toBe(
      "0\n",
    );
  });

  test.skipIf(!isRoot)("mounts that root makes for it never show on the host", async () => {
    await shell(sandbox, "true");
    expect(await Bun.file("/proc/self/mountinfo").text()).not.toContain(bench.root);
  });
});

describe("exhaustion", () => {
  test("core files and shared memory are limited", async () => {
    const { stdout } = await shell(sandbox, "ulimit -c; df -k --output=size /dev/shm | tail -n 1");
    expect(stdout.split("\n").map((line) => line.trim())).toEqual(["0", "65536", ""]);
  });

  test("a gigabyte of output does not grow us", async () => {
    const call = await sandbox.spawn(["sh", "-c", "yes | head -c 1000000000"], {
      signal: AbortSignal.timeout(60_000),
    });
    const before = process.memoryUsage().rss;
    let size = 0;
    for await (const chunk of call.stdout) size += chunk.length;
    expect(size).toBe(1_000_000_000);
    // What was read and is garbage already is not held.
    Bun.gc(true);
    expect(process.memoryUsage().rss - before).toBeLessThan(128 * 1024 * 1024);
  }, 30_000);
});

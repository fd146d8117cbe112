import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ServiceBench } from "../../../test/fakes/service-bench.ts";
import { asNobody } from "../../../test/fakes/surroundings.ts";
import { findManager, loadManager } from "./registry.ts";
import { systemCapabilities } from "./systemd.ts";
import { systemClock } from "../../clock.ts";

let bench: ServiceBench;
const signal = AbortSignal.timeout(60_000);

beforeEach(async () => {
  bench = await ServiceBench.open();
});

afterEach(async () => {
  await bench[Symbol.asyncDispose]();
});

describe("systemd", () => {
  test("install writes a unit, enables it, starts it, and asks that it outlives the login", async () => {
    const unit = bench.unitFile.split("/").at(-1);
    expect(await bench.systemd.install(signal)).toEqual([]);
    expect(await bench.calls()).toEqual([
      "systemctl --user daemon-reload",
      `systemctl --user enable ${unit}`,
      `systemctl --user restart ${unit}`,
      "loginctl enable-linger",
    ]);
    expect(await bench.systemd.status(signal)).toEqual({
      manager: "systemd",
      isInstalled: true,
      isRunning: true,
      startsWithMachine: true,
      pid: 4711,
      file: bench.unitFile,
    });
  });

  test("a service is stopped, started and taken away again, and only what install made goes", async () => {
    await bench.systemd.install(signal);
    await bench.systemd.stop(signal);
    expect(await bench.systemd.status(signal)).toMatchObject({ isInstalled: true, isRunning: false });
    await bench.systemd.start(signal);
    expect(await bench.systemd.status(signal)).toMatchObject({ isRunning: true });
    await bench.systemd.uninstall(signal);
    expect(await bench.systemd.status(signal)).toMatchObject({ isInstalled: false, isRunning: false });
    await expect(stat(bench.unitFile)).rejects.toThrow("ENOENT");
  });

  test("no key of the person's shell gets into the unit", async () => {
    await bench.systemd.install(signal);
    const text = await readFile(bench.unitFile, "utf8");
    expect(text).not.toContain("sk-ant");
    expect(text).toContain(`Environment="NANOCLAW_HOME=${bench.place.home.root}"`);
    expect(text).toContain('Environment="LANG=de_DE.UTF-8"');
  });

  test("names with blanks and percent signs reach the program as they are", async () => {
    await bench.systemd.install(signal);
    expect(await readFile(bench.unitFile, "utf8")).toContain(
      `ExecStart="${join(bench.root, "nano claw")}" "100%%" "gateway"`,
    );
  });

  test("an install that the manager refuses leaves no unit", async () => {
    const failed = bench.failing("no bus", () => bench.systemd.install(signal));
    await expect(failed).rejects.toThrow("no bus");
    expect(await bench.systemd.status(signal)).toMatchObject({ isInstalled: false });
  });

  test("root gets a unit of the system", async () => {
    await using system = await ServiceBench.open(0);
    await system.systemd.install(signal);
    expect(await system.calls()).not.toContainEqual(expect.stringContaining("--user"));
    const text = await readFile(system.unitFile, "utf8");
    expect(text).toContain("WantedBy=multi-user.target");
    expect(text).toContain(`CapabilityBoundingSet=${systemCapabilities.join(" ")}`);
  });

  for (const uid of [0, 1000]) {
    const verifier = Bun.which("systemd-analyze", { PATH: "/usr/bin:/bin" });
    // Not on a machine without systemd.
    test.skipIf(verifier === null)(
      `systemd itself finds no fault in the unit ${uid === 0 ? "of the system" : "of a person"}`,
      async () => {
        await using machine = await ServiceBench.open(uid);
        await machine.systemd.install(signal);
        const child = Bun.spawn(
          [verifier ?? "", ...(uid === 0 ? [] : ["--user"]), "verify", machine.unitFile],
          {
            stdout: "pipe",
            stderr: "pipe",
            env: { PATH: "/usr/bin:/bin", HOME: machine.root, XDG_RUNTIME_DIR: machine.root },
          },
        );
        const said = await new Response(child.stderr).text();
        expect(
          said.split("\n").filter((line) => line.includes(machine.unitFile) || /nanoclaw/.test(line)),
        ).toEqual([]);
      },
    );
  }
});

describe("launchd", () => {
  test("install writes a property list that keeps the gateway running, and loads it", async () => {
    expect(await bench.launchd.install(signal)).toEqual(["endsWithLogin"]);
    const status = await bench.launchd.status(signal);
    expect(status).toMatchObject({ isInstalled: true, isRunning: true, pid: 4711 });
    const text = await readFile(status.file ?? "", "utf8");
    expect(text).toContain("<string>gateway</string>");
    expect(text).not.toContain("sk-ant");
    const calls = (await bench.calls()).filter((call) => !call.includes(" print "));
    expect(calls.map((call) => call.split(" ").slice(0, 3).join(" "))).toEqual([
      expect.stringContaining("launchctl enable gui/1000/ai.nanoclaw.nanoclaw-"),
      "launchctl bootstrap gui/1000",
    ]);
    await bench.launchd.install(signal);
    await bench.launchd.stop(signal);
    expect(await bench.launchd.status(signal)).toMatchObject({ isInstalled: true, isRunning: false });
    await bench.launchd.start(signal);
    await bench.launchd.uninstall(signal);
    expect(await bench.launchd.status(signal)).toMatchObject({ isInstalled: false, isRunning: false });
  });

  test("the property list is XML that a parser reads", async () => {
    await bench.launchd.install(signal);
    const { file = "" } = await bench.launchd.status(signal);
    const script = "import plistlib,sys,json;print(json.dumps(plistlib.load(open(sys.argv[1],'rb'))))";
    const child = Bun.spawn(["python3", "-c", script, file], { stdout: "pipe" });
    const parsed: unknown = JSON.parse(await new Response(child.stdout).text());
    expect(parsed).toMatchObject({
      ProgramArguments: [join(bench.root, "nano claw"), "100%", "gateway"],
      KeepAlive: { SuccessfulExit: false },
      RunAtLoad: true,
      Umask: 0o077,
    });
  });
});

describe("where nothing starts services", () => {
  const gateway = `echo "$NANOCLAW_HOME $*" > "$NANOCLAW_HOME/started"
trap 'echo ended >> "$NANOCLAW_HOME/started"; exit 0' TERM
exec 3> "$NANOCLAW_HOME/gateway.sock.real"
python3 -c 'import socket,sys,os
s=socket.socket(socket.AF_UNIX);s.bind(os.environ["NANOCLAW_HOME"]+"/gateway.sock");s.listen()
while True: s.accept()' & wait`;

  test("the gateway starts in the background, outlives us, is started once, and ends when it is told", async () => {
    await bench.useGateway(gateway);
    expect(await bench.background.install(signal)).toEqual(["endsWithMachine"]);
    const first = await bench.background.status(signal);
    expect(first).toMatchObject({ isRunning: true, startsWithMachine: false });
    await bench.background.start(signal);
    expect(await bench.background.status(signal)).toEqual(first);
    const root = bench.place.home.root;
    expect(await readFile(join(root, "started"), "utf8")).toBe(`${root} 100% gateway\n`);
    const pid = first.pid ?? 0;
    // A session of its own: it does not end with this terminal.
    expect((await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]?.split(" ")[3]).toBe(String(pid));
    await bench.background.stop(signal);
    expect(await readFile(join(root, "started"), "utf8")).toContain("ended");
    expect(await bench.background.status(signal)).toMatchObject({ isInstalled: false, isRunning: false });
    await Bun.spawn(["sh", "-c", `fuser -k '${root}/gateway.sock.real' 2>/dev/null`]).exited;
  });

  test("another process that has come to have the same number is not touched", async () => {
    const stranger = Bun.spawn(["sleep", "60"]);
    try {
      const folder = join(bench.place.home.root, "run");
      await mkdir(folder, { mode: 0o700 });
      const holder = {
        pid: stranger.pid,
        pidStart: "1",
        bootId: (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim(),
      };
      await writeFile(join(folder, "gateway.pid"), JSON.stringify(holder));
      await bench.background.stop(signal);
      expect(stranger.exitCode).toBeNull();
    } finally {
      stranger.kill();
      await stranger.exited;
    }
  });
});

test("a machine that systemd runs gets systemd, any other the background", async () => {
  expect(findManager(bench.place)).toBe(process.platform === "darwin" ? "launchd" : "background");
  await mkdir(join(bench.root, "run/systemd/system"), { recursive: true });
  if (process.platform !== "darwin") expect(findManager(bench.place)).toBe("systemd");
  expect((await loadManager("launchd", bench.place, systemClock)).name).toBe("launchd");
});

test("with what the units leave it, a sandbox still opens", async () => {
  const isRoot = process.getuid?.() === 0;
  const bounding = systemCapabilities.map((name) => `+${name.slice(4).toLowerCase()}`).join(",");
  const limits = isRoot
    ? ["setpriv", "--no-new-privs", "--bounding-set", `-all,${bounding}`]
    : ["setpriv", "--no-new-privs"];
  const source = join(import.meta.dir, "../../../src/main.ts");
  const argv = [process.execPath, "--no-env-file", "--config=/dev/null", source, "doctor", "--json"];
  for (const under of isRoot ? [limits, [...asNobody, "setpriv", "--no-new-privs"]] : [limits]) {
    const child = Bun.spawn([...under, ...argv], {
      cwd: "/",
      stdout: "pipe",
      env: { PATH: "/usr/bin:/bin", HOME: "/nonexistent", NANOCLAW_HOME: "/nonexistent/nanoclaw" },
    });
    const { findings }: { findings: { check: string; state: string; message: string }[] } = JSON.parse(
      await new Response(child.stdout).text(),
    );
    expect(findings.find(({ check }) => check === "sandbox")).toMatchObject({ state: "ok" });
  }
});

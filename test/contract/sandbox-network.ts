import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { proxyAddress } from "../../src/sandbox/proxy-address.ts";
import type { Sandbox, SandboxNetwork, SandboxRuntime } from "../../src/sandbox/sandbox.ts";
import type { Wire } from "../../src/wire.ts";
import { findCommands } from "../fakes/processes.ts";
import { SandboxBench, shell } from "../fakes/sandbox-bench.ts";

const { hostname, port } = proxyAddress;
/** Connects, says what stands in its input, and prints what comes back. Perl is part of every Debian. */
const talk = `perl -MIO::Socket::INET -e '
my $s = IO::Socket::INET->new("${hostname}:${port}") or die "no way out: $!\\n";
local $/; my $in = <STDIN>; if (fork) { print <$s>; wait } else { print $s $in; $s->flush; shutdown $s, 1 }'`;

/** Answers with what it was told, behind a name. */
function createEcho(name: string, isOpen: () => boolean = () => true) {
  const wires: Wire[] = [];
  const network: SandboxNetwork = {
    isOpen: () => Promise.resolve(isOpen()),
    accept(wire) {
      wires.push(wire);
      void answer(wire);
    },
  };
  async function answer(wire: Wire): Promise<void> {
    await wire.write(name);
    for (let part = await wire.read(); part !== undefined; part = await wire.read()) await wire.write(part);
    wire.end();
  }
  return { network, wires };
}

/** What a runtime that can let something out promises about it. */
export function describeSandboxNetwork(name: string, createRuntime: () => SandboxRuntime): void {
  describe(name, () => {
    let bench: SandboxBench;
    let sandbox: Sandbox;
    let isOpen = true;
    const echo = createEcho("alice:", () => isOpen);
    beforeAll(async () => {
      bench = await SandboxBench.create(createRuntime());
      sandbox = await bench.runtime.open({ ...(await bench.group("alice")), network: echo.network });
    });
    afterAll(async () => {
      await sandbox[Symbol.asyncDispose]();
      await bench[Symbol.asyncDispose]();
    });

    test("what connects to the way out inside arrives outside, and the answer comes back", async () => {
      expect(await shell(sandbox, talk, { stdin: "hello" })).toEqual({
        code: 0,
        stdout: "alice:hello",
        stderr: "",
      });
    });

    test("programs are told where it is", async () => {
      const { stdout } = await shell(sandbox, "env");
      for (const variable of [
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
      ])
        expect(stdout).toContain(`${variable}=http://${hostname}:${port}\n`);
    });

    test("many megabytes come through unchanged in both directions", async () => {
      const line = `head -c 9000000 /dev/urandom > sent; ${talk} < sent | tail -c +7 | cmp - sent && echo same`;
      expect((await shell(sandbox, line)).stdout).toBe("same\n");
    });

    test("a side that does not read holds the other back, and memory stays flat", async () => {
      const before = process.memoryUsage().rss;
      const idle: Wire[] = [];
      const deaf: SandboxNetwork = { isOpen: async () => true, accept: (wire) => void idle.push(wire) };
      await using one = await bench.runtime.open({ ...(await bench.group("deaf")), network: deaf });
      const line = `head -c 300000000 /dev/zero | timeout 1 ${talk} > /dev/null`;
      expect((await shell(one, line)).stderr).toBe("");
      expect(idle).toHaveLength(1);
      expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
    });

    test("without a way out, or while it is shut, there is no network and nothing that says so", async () => {
      await using none = await bench.runtime.open({
        ...(await bench.group("alice")),
        temporary: `${bench.root}/private/alice/tmp-2`,
      });
      isOpen = false;
      for (const shut of [none, sandbox]) {
        const { stdout, stderr } = await shell(
          shut,
          `env | grep -i proxy; ${talk}; ls /sys/class/net | wc -l`,
        );
        expect(stdout).not.toMatch(/proxy/i);
        expect(stderr).toContain("no way out: Connection refused");
      }
      isOpen = true;
      expect((await shell(sandbox, talk)).stdout).toBe("alice:");
      const { stderr } = await shell(sandbox, talk, { isOffline: true });
      expect(stderr).toContain("no way out: Connection refused");
    });

    test("each sandbox has its own, and none reaches another's or the host's", async () => {
      using host = Bun.listen({ hostname, port: 0, socket: { data() {} } });
      const bob = createEcho("bob:");
      await using other = await bench.runtime.open({ ...(await bench.group("bob")), network: bob.network });
      const [mine, theirs] = await Promise.all([shell(sandbox, talk), shell(other, talk)]);
      expect([mine.stdout, theirs.stdout]).toEqual(["alice:", "bob:"]);
      const direct = talk.replace(String(port), String(host.port));
      expect((await shell(sandbox, direct)).stderr).toContain("Connection refused");
    });

    test("nothing of it is left when the call ends", async () => {
      await shell(sandbox, talk);
      const count = () => readdirSync("/proc/self/fd").length;
      const before = count();
      const accepted = echo.wires.length;
      await Promise.all(Array.from({ length: 20 }, () => shell(sandbox, `echo x | ${talk}`)));
      expect(echo.wires.length - accepted).toBe(20);
      const call = await sandbox.spawn(["sleep", "60"], { signal: AbortSignal.timeout(60_000) });
      call.kill();
      await call.exited;
      // Others may run the same beside us.
      function isOurs(pid: number): boolean {
        try {
          return readFileSync(`/proc/${pid}/status`, "utf8").includes(`PPid:\t${process.pid}\n`);
        } catch {
          return false;
        }
      }
      const left = () => findCommands("nanoclaw-way-out-").filter(isOurs);
      const isAllGone = () => count() <= before + 2 && left().length === 0;
      for (let round = 0; round < 200 && !isAllGone(); round++) await Bun.sleep(5);
      expect(count()).toBeLessThanOrEqual(before + 2);
      expect(left()).toEqual([]);
    });

    test("a call that is cancelled while it is being let out ends", async () => {
      const stop = new AbortController();
      const starting = sandbox.spawn(["sleep", "60"], { signal: stop.signal });
      setTimeout(() => stop.abort("never mind"), 15);
      const ended = await starting.then((call) => call.exited.then(({ type }) => type)).catch(String);
      expect(["never mind", "cancelled"]).toContain(ended);
      expect((await shell(sandbox, talk)).stdout).toBe("alice:");
    });
  });
}

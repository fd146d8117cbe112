import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { AppError } from "../../src/errors.ts";
import type { Sandbox, SandboxRuntime, SandboxSpec } from "../../src/sandbox/sandbox.ts";
import { findCommands } from "../fakes/processes.ts";
import { finish, SandboxBench, shell } from "../fakes/sandbox-bench.ts";

/** What every runtime promises. Called by the test file of each. */
export function describeSandboxRuntime(name: string, createRuntime: () => SandboxRuntime): void {
  describe(name, () => {
    let bench: SandboxBench;
    let spec: SandboxSpec;
    let sandbox: Sandbox;
    beforeAll(async () => {
      bench = await SandboxBench.create(createRuntime());
      spec = await bench.group("alice");
      sandbox = await bench.runtime.open(spec);
    });
    afterAll(async () => {
      await sandbox[Symbol.asyncDispose]();
      await bench[Symbol.asyncDispose]();
    });
    const never = () => AbortSignal.timeout(60_000);

    test("the probe runs a real sandbox and says that it works", async () => {
      expect(await bench.runtime.probe(never())).toMatchObject({ isAvailable: true });
    });

    test("a cancelled probe rejects with the reason of its signal", async () => {
      await expect(bench.runtime.probe(AbortSignal.abort("enough"))).rejects.toBe("enough");
    });

    test("a command's output, errors and exit code come back", async () => {
      expect(await shell(sandbox, "echo out; echo err >&2; exit 3")).toEqual({
        code: 3,
        stdout: "out\n",
        stderr: "err\n",
      });
    });

    test("arguments arrive as they are", async () => {
      const strange = ["", " ", "a b", "'", '"', "$(id)", "`id`", "\n", "-n", "--", "*", "ä€😀"];
      const { stdout } = await finish(sandbox, ["printf", "%s\\0", ...strange]);
      expect(stdout.split("\0").slice(0, -1)).toEqual(strange);
    });

    test("a program that is not there ends with 127, as in a shell", async () => {
      expect(await finish(sandbox, ["no-such-program"])).toMatchObject({ code: 127 });
    });

    test("a name that a shell would take as its own is a program", async () => {
      expect(await finish(sandbox, ["exit", "0"])).toMatchObject({ code: 127 });
    });

    test("a command that dies of a signal says which", async () => {
      const call = await sandbox.spawn(["sh", "-c", "kill -SEGV $$"], { signal: never() });
      expect(await call.exited).toMatchObject({ type: "signalled", signal: "SIGSEGV" });
    });

    test("input is given whole, as text and as bytes", async () => {
      expect((await finish(sandbox, ["cat"], { stdin: "höhe" })).stdout).toBe("höhe");
      const bytes = new Uint8Array(3_000_000).fill(7);
      const { stdout } = await finish(sandbox, ["sha256sum"], { stdin: bytes });
      expect(stdout.slice(0, 64)).toBe(new Bun.CryptoHasher("sha256").update(bytes).digest("hex"));
    });

    test("without input a command reads nothing", async () => {
      expect(await finish(sandbox, ["cat"])).toMatchObject({ code: 0, stdout: "" });
    });

    test("input is written while the command runs", async () => {
      const call = await sandbox.spawn(["cat"], { signal: never(), stdin: "pipe" });
      const reader = call.stdout.getReader();
      await call.stdin?.write("one\n");
      expect(new TextDecoder().decode((await reader.read()).value)).toBe("one\n");
      await call.stdin?.write("two\n");
      expect(new TextDecoder().decode((await reader.read()).value)).toBe("two\n");
      await call.stdin?.end();
      expect((await reader.read()).done).toBe(true);
      expect(await call.exited).toMatchObject({ type: "exited", code: 0 });
    });

    test("writing to a command that has ended is refused, not a crash", async () => {
      const call = await sandbox.spawn(["true"], { signal: never(), stdin: "pipe" });
      await call.exited;
      await expect(call.stdin?.write("late")).rejects.toBeInstanceOf(AppError);
      await call.stdin?.end();
    });

    test("a hundred calls leave no descriptor open", async () => {
      const count = () => readdirSync("/proc/self/fd").length;
      await shell(sandbox, "true");
      const before = count();
      for (let round = 0; round < 10; round++) {
        await Promise.all(
          Array.from({ length: 10 }, async (_, index) => {
            const call = await sandbox.spawn(["echo", "hi"], {
              signal: never(),
              ...(index % 2 === 0 ? { stdin: "pipe" as const } : {}),
            });
            await call.exited;
            if (index % 3 === 0) await new Response(call.stdout).text();
          }),
        );
      }
      // The outputs of the last calls may be on their way.
      await shell(sandbox, "true");
      expect(count()).toBeLessThanOrEqual(before + 4);
    });

    test("the standard streams can be opened by name", async () => {
      const line = "cat /dev/stdin > /dev/stdout; echo e > /dev/stderr";
      expect(await shell(sandbox, line, { stdin: "x" })).toEqual({ code: 0, stdout: "x", stderr: "e\n" });
    });

    test("it starts in the workspace, or where it is told", async () => {
      expect((await finish(sandbox, ["pwd"])).stdout).toBe(`${sandbox.paths.workspace}\n`);
      expect((await finish(sandbox, ["pwd"], { cwd: "/usr" })).stdout).toBe("/usr\n");
    });

    test("a folder to start in that is not there is a failure to start", async () => {
      await expect(finish(sandbox, ["pwd"], { cwd: "/nowhere" })).rejects.toMatchObject({
        code: "sandbox-failed",
      });
    });

    test("the environment is small and fixed, and takes additions", async () => {
      const { stdout } = await finish(sandbox, ["env"], { env: { GREETING: "good\nday" } });
      const names = [...stdout.matchAll(/^([A-Z]+)=/gm)].map(([, variable]) => variable);
      const fixed = ["HOME", "LANG", "LOGNAME", "PATH", "PWD", "SHELL", "TERM", "TMPDIR", "USER"];
      expect(names.sort()).toEqual(["GREETING", ...fixed]);
      expect(stdout).toContain("GREETING=good\nday\n");
    });

    test("malformed commands are refused", async () => {
      for (const argv of [[], [""], ["-x"], ["echo", "a\0b"]]) {
        await expect(finish(sandbox, argv)).rejects.toMatchObject({ code: "sandbox-failed" });
      }
      await expect(finish(sandbox, ["env"], { env: { "A=B": "c" } })).rejects.toMatchObject({
        code: "sandbox-failed",
      });
    });

    test("workspace and home last from one sandbox of the group to the next", async () => {
      await shell(sandbox, "echo w > kept; echo h > ~/kept");
      await using next = await bench.runtime.open({ ...spec, temporary: `${spec.temporary}-2` });
      expect((await shell(next, "cat kept ~/kept")).stdout).toBe("w\nh\n");
    });

    test("/tmp lasts in the session and is another's in another", async () => {
      await shell(sandbox, "echo t > /tmp/mine");
      expect((await shell(sandbox, "cat /tmp/mine")).stdout).toBe("t\n");
      await using next = await bench.runtime.open({ ...spec, temporary: `${spec.temporary}-3` });
      expect(await shell(next, "cat /tmp/mine")).toMatchObject({ code: 1 });
    });

    test("two groups do not see each other's files", async () => {
      await shell(sandbox, "echo secret > /workspace/diary");
      await using other = await bench.runtime.open(await bench.group("bob"));
      const { stdout } = await shell(other, `ls -A /workspace ~; cat ${spec.workspace}/diary 2>&1`);
      expect(stdout).not.toContain("secret");
      expect(stdout).not.toContain("diary\n/");
    });

    test("calls run side by side", async () => {
      const calls = Array.from({ length: 8 }, (_, index) => shell(sandbox, `echo ${index}`));
      expect((await Promise.all(calls)).map(({ stdout }) => stdout.trim())).toEqual(
        "0,1,2,3,4,5,6,7".split(","),
      );
    });

    test("a timeout ends a command that ignores everything, within a second", async () => {
      const started = performance.now();
      const line = "trap '' TERM INT HUP; echo up; while :; do sleep 1; done";
      const call = await sandbox.spawn(["sh", "-c", line], { signal: never(), timeoutMs: 100 });
      expect(await call.exited).toMatchObject({ type: "timed-out" });
      expect(performance.now() - started).toBeLessThan(1100);
    });

    test("cancelling ends it, and so does kill, which may come twice", async () => {
      const controller = new AbortController();
      const one = await sandbox.spawn(["sleep", "60"], { signal: controller.signal });
      controller.abort();
      expect(await one.exited).toMatchObject({ type: "cancelled" });
      const two = await sandbox.spawn(["sleep", "60"], { signal: never() });
      two.kill();
      two.kill();
      expect(await two.exited).toMatchObject({ type: "cancelled" });
      two.kill();
    });

    test("a call that was cancelled before it began rejects with the reason", async () => {
      await expect(sandbox.spawn(["true"], { signal: AbortSignal.abort("no") })).rejects.toBe("no");
      const controller = new AbortController();
      const starting = sandbox.spawn(["sleep", "60"], { signal: controller.signal });
      controller.abort("never mind");
      await expect(starting).rejects.toBe("never mind");
    });

    test("what a command leaves running is gone when the call ends", async () => {
      const marker = `4${process.pid}71`;
      const line = `(setsid nohup sh -c 'trap "" TERM HUP; sleep ${marker}' >/dev/null 2>&1 &) ; sleep ${marker} & sleep 0.1`;
      expect(await shell(sandbox, line)).toMatchObject({ code: 0 });
      expect(findCommands(marker)).toEqual([]);
    });

    test("a killed call takes its daemons along", async () => {
      const marker = `4${process.pid}72`;
      const line = `(setsid sh -c 'echo up; trap "" TERM; sleep ${marker}' &) ; sleep ${marker}`;
      const call = await sandbox.spawn(["sh", "-c", line], { signal: never() });
      await call.stdout.getReader().read();
      expect(findCommands(marker).length).toBeGreaterThan(0);
      call.kill();
      await call.exited;
      expect(findCommands(marker)).toEqual([]);
    });

    test("a reader that stops holds the command back, and memory stays flat", async () => {
      const call = await sandbox.spawn(["sh", "-c", "yes | head -c 1000000000"], { signal: never() });
      const before = process.memoryUsage().rss;
      const reader = call.stdout.getReader();
      let read = 0;
      while (read < 1_000_000) read += (await reader.read()).value?.length ?? 0;
      // As long as the command would take if nothing held it.
      await shell(sandbox, "yes | head -c 1000000000 > /dev/null");
      expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
      await reader.cancel();
      expect(await call.exited).toMatchObject({ type: expect.stringMatching(/exited|signalled/) });
    });

    test("bytes that are no text come through unchanged", async () => {
      const call = await sandbox.spawn(["printf", "\\377\\000\\376"], { signal: never() });
      expect([...new Uint8Array(await new Response(call.stdout).arrayBuffer())]).toEqual([255, 0, 254]);
    });

    test("closing the sandbox ends what runs in it; then it starts nothing more", async () => {
      const own = await bench.runtime.open(await bench.group("carol"));
      const call = await own.spawn(["sleep", "60"], { signal: never() });
      await own[Symbol.asyncDispose]();
      expect(await call.exited).toMatchObject({ type: "cancelled" });
      await own[Symbol.asyncDispose]();
      await expect(own.spawn(["true"], { signal: never() })).rejects.toMatchObject({
        code: "sandbox-failed",
      });
    });
  });
}

/** Command lines on the host that hold `marker`, but those of sandboxes that only were asked for it. */

import { describe, expect, test } from "bun:test";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { openToolBench, type ToolBench } from "../fakes/tool-bench.ts";

/** What `shell` and `job` do in any sandbox, seen through the runner as the model sees it. */
export function describeShellTools(name: string, openSandbox: () => Promise<Sandbox>): void {
  const open = () => openToolBench({ openSandbox });

  describe(`shell in ${name}`, () => {
    test("runs bash in the workspace and gives both outputs in their order", async () => {
      await using bench = await open();
      const command = "echo 1; echo 2 >&2; echo 3; pwd; [[ a == a ]] && echo bash";
      const { content, isError, details } = await bench.call("shell", { command });
      expect(content).toBe(`1\n2\n3\n${bench.sandbox.paths.workspace}\nbash`);
      expect(isError).toBe(false);
      expect(details["exitCode"]).toBe(0);
      expect(details["bytes"]).toBe(content.length + 1);
    });

    test("shows an exit code that is not 0", async () => {
      await using bench = await open();
      const { content, isError } = await bench.call("shell", { command: "echo no; exit 3" });
      expect(content).toBe("no\nexit code 3");
      expect(isError).toBe(true);
    });

    test("says when there is no output", async () => {
      await using bench = await open();
      expect((await bench.call("shell", { command: "true" })).content).toBe("(no output)");
      expect((await bench.call("shell", { command: "cat" })).content).toBe("(no output)");
    });

    test("stops at the timeout, says so and gives the output so far", async () => {
      await using bench = await open();
      const { content, isError } = await bench.call("shell", { command: "echo begun; sleep 60", timeout: 1 });
      expect(content).toStartWith("begun\nStopped after 1 second");
      expect(isError).toBe(true);
    });

    test("takes away terminal colours and keeps what a carriage return would hide", async () => {
      await using bench = await open();
      const command = "printf '\\033[31mred\\033[0m\\rover\\a\\n'";
      expect((await bench.call("shell", { command })).content).toBe("red\nover␇");
    });

    test("tells people how it goes while it runs", async () => {
      await using bench = await open();
      const seen = Promise.withResolvers<string>();
      const call = {
        type: "tool-call",
        id: "call_1",
        name: "shell",
        arguments: '{"command":"echo working; read line < gate"}',
      } as const;
      await bench.inside("mkfifo gate");
      const running = bench.runner.run(call, seen.resolve, AbortSignal.timeout(20_000));
      expect(await seen.promise).toBe("working");
      await bench.inside("echo > gate");
      expect((await running).content).toBe("working");
    });

    test("ends within a second of its signal, with the signal's reason", async () => {
      await using bench = await open();
      const stop = new AbortController();
      const reason = new Error("the owner said stop");
      const running = bench.call("shell", { command: "trap '' TERM; sleep 60 & sleep 60" }, stop.signal);
      await bench.inside("true");
      const began = performance.now();
      stop.abort(reason);
      expect(await running.catch((error: unknown) => error)).toBe(reason);
      expect(performance.now() - began).toBeLessThan(1000);
    });

    test("clips a long output, says how much is left out and where all of it is", async () => {
      await using bench = await open();
      const { content, details } = await bench.call("shell", { command: "seq 1 100000" });
      expect(content.length).toBeLessThan(10_300);
      expect(content).toStartWith("1\n2\n3\n");
      expect(content).toEndWith("\n99999\n100000");
      const [, characters, path = ""] = /\[(\d+) characters .*All of it is in (\S+)\]/.exec(content) ?? [];
      expect(details["omittedCharacters"]).toBe(Number(characters));
      const last = await bench.call("read_file", { path, offset: 100_000 });
      expect(last.content).toBe("100000\n[lines 100000-100000 of 100000]");
    });

    test("says when a long output could not be saved", async () => {
      await using bench = await open();
      await bench.inside(': > "$1/outputs"', bench.sandbox.paths.temporary);
      const { content } = await bench.call("shell", { command: "seq 1 100000" });
      expect(content).toContain("All of it could not be saved]");
    });
  });

  describe(`job in ${name}`, () => {
    test("a background command answers at once, is spoken to, and ends by itself", async () => {
      await using bench = await open();
      const started = await bench.call("shell", {
        command: 'read name; echo "hello $name"; read again; exit 4',
        background: true,
      });
      expect(started.content).toBe("Started in the background as job-1.");
      const job = (input: object) => bench.call("job", { id: "job-1", ...input });
      expect((await job({ action: "read" })).content).toBe("job-1 running.\n(no new output)");
      expect((await job({ action: "write", input: "Ada\n" })).content).toBe("Sent 4 bytes to job-1.");
      expect((await job({ action: "read", wait: 10 })).content).toBe("job-1 running.\nhello Ada");
      expect((await bench.call("job", { action: "list" })).content).toStartWith(
        "job-1: running: $ read name;",
      );
      await job({ action: "write", input: "\n" });
      expect((await job({ action: "read", wait: 10 })).content).toBe(
        "job-1 ended with exit code 4.\n(no new output)",
      );
      expect((await job({ action: "write", input: "x" })).content).toContain("job-1 is not running");
    });

    test("stop kills it with everything it started", async () => {
      await using bench = await open();
      await bench.call("shell", { command: "trap '' TERM; sleep 61 & echo up; wait", background: true });
      await bench.call("job", { action: "read", id: "job-1", wait: 10 });
      const { content } = await bench.call("job", { action: "stop", id: "job-1" });
      expect(content).toMatch(/^job-1 (killed by|stopped)/);
      expect(await sleepers(bench, "61")).toBe(0);
    });

    test("a flood of output keeps the newest and says how much is lost", async () => {
      await using bench = await open();
      await bench.call("shell", { command: "seq 1 500000; echo end", background: true });
      await bench.jobs.get("job-1").waitForEnd(20_000, AbortSignal.timeout(30_000));
      const { content } = await bench.call("job", { action: "read", id: "job-1" });
      expect(content).toMatch(
        /^job-1 ended with exit code 0\.\n\[\d+ characters were printed before this and are lost\]/,
      );
      expect(content).toEndWith("500000\nend");
    });

    test("at most eight run at once, and a finished one gives its place away", async () => {
      await using bench = await open();
      const start = () => bench.call("shell", { command: "read line", background: true });
      for (let number = 1; number <= 8; number += 1) expect((await start()).isError).toBe(false);
      expect((await start()).content).toContain("8 jobs are running already");
      await bench.call("job", { action: "write", id: "job-3", input: "\n" });
      await bench.jobs.get("job-3").waitForEnd(10_000, AbortSignal.timeout(20_000));
      expect((await start()).content).toBe("Started in the background as job-9.");
      expect((await bench.call("job", { action: "read", id: "job-3" })).content).toContain(
        "Known: job-1, job-2, job-4",
      );
    });

    test("all jobs die when the table is disposed, and none starts after that", async () => {
      await using bench = await open();
      await bench.call("shell", { command: "trap '' TERM; sleep 62 & echo up; wait", background: true });
      await bench.call("job", { action: "read", id: "job-1", wait: 10 });
      const job = bench.jobs.get("job-1");
      bench.jobs[Symbol.dispose]();
      bench.jobs[Symbol.dispose]();
      await job.waitForEnd(2000, AbortSignal.timeout(20_000));
      expect(job.isRunning).toBe(false);
      expect(await sleepers(bench, "62")).toBe(0);
      expect((await bench.call("shell", { command: "true", background: true })).content).toContain(
        "session ended",
      );
    });

    test("says which argument is missing", async () => {
      await using bench = await open();
      expect((await bench.call("job", { action: "read" })).content).toContain("needs the id of a job");
      expect((await bench.call("job", { action: "stop", id: "9" })).content).toContain('no job "9"');
    });
  });
}

async function sleepers(bench: ToolBench, seconds: string): Promise<number> {
  const script = 'cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" " " | grep -c "[s]leep $1 " || true';
  return Number(await bench.inside(script, seconds));
}

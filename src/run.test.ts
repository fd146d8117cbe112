import { expect, test } from "bun:test";
import { AppError } from "./errors.ts";
import { run } from "./run.ts";

const signal = AbortSignal.timeout(30_000);
const isRoot = process.getuid?.() === 0;

test("a program's outputs and exit code come back", async () => {
  const result = await run(["/bin/sh", "-c", "cat; echo err >&2; exit 4"], { signal, stdin: "in" });
  expect(result).toEqual({ code: 4, stdout: "in", stderr: "err\n", isTruncated: false });
});

test("nothing of our environment is inherited", async () => {
  const { stdout } = await run(["/usr/bin/env"], { signal, env: { ONLY: "this" } });
  expect(stdout).toBe("ONLY=this\n");
});

test("arguments are never read by a shell", async () => {
  expect((await run(["/bin/echo", "$(id)", "a  b"], { signal })).stdout).toBe("$(id) a  b\n");
});

test("output beyond the cap is dropped, and said to be", async () => {
  const options = { signal, maxOutputBytes: 10 };
  const result = await run(["/bin/sh", "-c", "yes | head -c 10000000"], options);
  expect(result).toMatchObject({ code: 0, stdout: "y\ny\ny\ny\ny\n", isTruncated: true });
});

test("a timeout ends the whole process group", async () => {
  const started = performance.now();
  const running = run(["/bin/sh", "-c", "sleep 60 & trap '' TERM; sleep 60"], { signal, timeoutMs: 50 });
  await expect(running).rejects.toMatchObject({ code: "timeout" });
  expect(performance.now() - started).toBeLessThan(1000);
});

test("cancelling ends it and rejects with the reason", async () => {
  const controller = new AbortController();
  const running = run(["/bin/sleep", "60"], { signal: controller.signal });
  controller.abort("stop");
  await expect(running).rejects.toBe("stop");
});

test("what a program leaves running does not hold us up", async () => {
  const { stdout } = await run(["/bin/sh", "-c", "sleep 60 & echo done"], { signal });
  expect(stdout).toBe("done\n");
});

test("a program that is not there is a foreseen error", async () => {
  await expect(run(["/no/such/program"], { signal })).rejects.toBeInstanceOf(AppError);
});

test.skipIf(!isRoot)("it runs as another user when told to", async () => {
  const { stdout } = await run(["/usr/bin/id"], { signal, uid: 210_999, gid: 210_999 });
  expect(stdout).toBe("uid=210999 gid=210999 groups=210999\n");
});

import { findCommands } from "../fakes/processes.ts";
import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";

let root: string;
beforeAll(async () => {
  root = await mkdtemp("/tmp/nanoclaw-fault-");
  await chmod(root, 0o755);
});
afterAll(() => rm(root, { recursive: true, force: true }));

const driver = join(import.meta.dir, "../fakes/sandbox-driver.ts");

/** A daemon that no polite signal ends, beside a command like it. */
function stubborn(marker: string): string {
  return `(setsid sh -c 'trap "" TERM HUP INT; echo up; sleep ${marker}; sleep ${marker}' &) ; trap '' TERM; sleep ${marker}; true`;
}

test("when we are killed, nothing that we started is left a second later", async () => {
  const marker = `5${process.pid}1`;
  // Every process inside holds it open: it ends when the last of them does.
  const line = `mkfifo lifeline; exec 9> lifeline; ${stubborn(marker)}`;
  const child = startDriver(line);
  const lifeline = join(root, "private/driven/workspace/lifeline");
  const watch = Bun.spawn(
    ["sh", "-c", 'until [ -p "$1" ]; do sleep 0.01; done; exec cat "$1"', "watch", lifeline],
    {
      env: { PATH: "/usr/bin:/bin" },
      timeout: 10_000,
    },
  );
  await waitForText(child.stdout, "up");
  expect(findCommands(marker).length).toBeGreaterThanOrEqual(4);
  const killed = performance.now();
  child.kill("SIGKILL");
  expect(await watch.exited).toBe(0);
  expect(performance.now() - killed).toBeLessThan(1000);
  await child.exited;
  expect(findCommands(marker)).toEqual([]);
}, 20_000);

test("it may hit us at any instant of a start", async () => {
  const marker = `5${process.pid}2`;
  for (let delayMs = 0; delayMs < 24; delayMs += 2) {
    const child = startDriver(stubborn(marker));
    await waitForText(child.stdout, "starting");
    // The instant of the fault is what this test is about.
    await Bun.sleep(delayMs);
    child.kill("SIGKILL");
    await child.exited;
  }
  // The promise is a second.
  await Bun.sleep(1000);
  expect(findCommands(marker)).toEqual([]);
}, 60_000);

test("the control: a process outside of a sandbox outlives its parent", async () => {
  const marker = `5${process.pid}3`;
  const child = Bun.spawn(["sh", "-c", stubborn(marker)], {
    env: { PATH: "/usr/bin:/bin" },
    stderr: "ignore",
  });
  await waitForText(child.stdout, "up");
  child.kill("SIGKILL");
  await child.exited;
  let left = findCommands(marker);
  expect(left.length).toBeGreaterThan(0);
  // Again until none is left: a shell may just have started its next command.
  for (; left.length > 0; left = findCommands(marker)) {
    for (const pid of left) process.kill(pid, "SIGKILL");
  }
});

async function waitForText(stream: ReadableStream<Uint8Array>, text: string): Promise<void> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  for (let seen = ""; !seen.includes(text);) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`ended before ${text}: ${seen}`);
    seen += decoder.decode(value);
  }
  reader.releaseLock();
}

function startDriver(line: string) {
  return Bun.spawn([process.execPath, "--no-env-file", driver, root, line], { env: {}, stderr: "ignore" });
}

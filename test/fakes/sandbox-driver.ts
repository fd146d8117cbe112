import { createBubblewrap } from "../../src/sandbox/bubblewrap/runtime.ts";
import { SandboxBench } from "./sandbox-bench.ts";

/**
 * A program of its own, to be killed: `sandbox-driver.ts <folder> <line for sh> [count]` runs the line in a sandbox, or in so many of
 * different groups, and says what it says.
 */
const [, , root = "", line = "", count = "1"] = process.argv;
const bench = new SandboxBench(createBubblewrap(), root);
await Bun.write(Bun.stdout, "starting\n");

async function drive(group: string): Promise<void> {
  await using sandbox = await bench.runtime.open(await bench.group(group));
  const call = await sandbox.spawn(["sh", "-c", line], { signal: new AbortController().signal });
  for await (const chunk of call.stdout) await Bun.write(Bun.stdout, chunk);
  await call.exited;
}

await Promise.all(
  Array.from({ length: Number(count) }, (_, index) => drive(index === 0 ? "driven" : `driven-${index}`)),
);

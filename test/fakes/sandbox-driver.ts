import { createBubblewrap } from "../../src/sandbox/bubblewrap/runtime.ts";
import { SandboxBench } from "./sandbox-bench.ts";

/** A program of its own, to be killed: `sandbox-driver.ts <folder> <line for sh>` runs the line in a sandbox and says what it says. */
const [, , root = "", line = ""] = process.argv;
const bench = new SandboxBench(createBubblewrap(), root);
const sandbox = await bench.runtime.open(await bench.group("driven"));
await Bun.write(Bun.stdout, "starting\n");
const call = await sandbox.spawn(["sh", "-c", line], { signal: new AbortController().signal });
for await (const chunk of call.stdout) await Bun.write(Bun.stdout, chunk);
await call.exited;
await sandbox[Symbol.asyncDispose]();

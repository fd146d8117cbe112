import { createBubblewrap } from "../../src/sandbox/bubblewrap/runtime.ts";
import type { SandboxNetwork } from "../../src/sandbox/sandbox.ts";
import { finish, SandboxBench } from "./sandbox-bench.ts";

/**
 * A program of its own, to be killed or measured: `way-out-driver.ts hold` keeps a call with a way out running;
 * `measure N` prints what a call takes without one and with one, as the median of N in milliseconds.
 */
const [, , what = "hold", count = "41"] = process.argv;
const bench = await SandboxBench.create(createBubblewrap());
let isOpen = true;
const network: SandboxNetwork = {
  isOpen: () => Promise.resolve(isOpen),
  accept: (wire) => wire[Symbol.dispose](),
};
const sandbox = await bench.runtime.open({ ...(await bench.group("driven")), network });
if (what === "hold") {
  const call = await sandbox.spawn(["sleep", "60"], { signal: new AbortController().signal });
  await Bun.write(Bun.stdout, "held\n");
  await call.exited;
} else {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < Number(count); round++) {
    // By turns, so that a busy machine weighs on both.
    for (const [index, each] of times.entries()) {
      isOpen = index === 1;
      const started = performance.now();
      await finish(sandbox, ["true"]);
      each.push(performance.now() - started);
    }
  }
  const [without = 0, withOne = 0] = times.map((each) => each.sort((a, b) => a - b)[each.length >> 1] ?? 0);
  await Bun.write(Bun.stdout, `${JSON.stringify({ without, with: withOne })}\n`);
}
await sandbox[Symbol.asyncDispose]();
await bench[Symbol.asyncDispose]();

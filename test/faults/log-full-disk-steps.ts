import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openLogFile } from "../../src/log-file.ts";

/** Run on a small disk of its own, which `test/faults/log-full-disk.test.ts` mounts; prints what the log holds. */
const folder = process.argv[2] ?? "";
const path = join(folder, "logs/gateway.log");
using log = openLogFile({ path });
log.write("before\n");
const filler = join(folder, "filler");
try {
  writeFileSync(filler, new Uint8Array(4_000_000));
} catch {
  // That is what it is for.
}
for (let n = 0; n < 2_000; n++) log.write(`${JSON.stringify({ n, text: "x".repeat(100) })}\n`);
rmSync(filler);
log.write("after\n");
console.log(readFileSync(path, "utf8"));

import { UndoBench } from "./undo-bench.ts";

/** Keeps or puts back the files of the bench at a path, in a process that may be killed at any instant. */
const [root = "", what = ""] = process.argv.slice(2);
await using bench = await UndoBench.open({ root });
await bench.run("true");
process.stdout.write("begin\n");
if (what === "keep") await bench.keep();
else await bench.back();

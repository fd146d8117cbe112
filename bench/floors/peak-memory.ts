import { argv, spawnSync, stdout, write } from "bun";

// A child starts with the memory high-water mark of the process that starts it, so the one that starts it must be small.
const child = spawnSync(argv.slice(2), { stdin: "ignore", stdout: "ignore", stderr: "ignore" });
await write(stdout, `${child.exitCode} ${child.resourceUsage.maxRSS}\n`);

import { mark, startTrace } from "./trace.ts";
import { runProgram } from "./commands/program.ts";

if (process.env["NANOCLAW_TRACE"]) startTrace();
mark("program loaded");

process.exit(
  await runProgram(async (io) => {
    const { openServices } = await import("./commands/open-services.ts");
    mark("services loaded");
    return openServices(io);
  }),
);

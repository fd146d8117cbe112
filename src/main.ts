import { runProgram } from "./commands/program.ts";

process.exit(
  await runProgram(async (io) => {
    const { openServices } = await import("./commands/open-services.ts");
    return openServices(io);
  }),
);

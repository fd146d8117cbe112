import { AppError } from "./errors.ts";
import { runProgram } from "./commands/program.ts";

process.exit(
  await runProgram(async () => {
    throw new AppError("config", "This build has no assistant in it.");
  }),
);

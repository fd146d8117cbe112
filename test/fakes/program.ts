import { runProgram } from "../../src/commands/program.ts";
import { createFakeServices } from "./services.ts";

/** The program as it is, with a conversation that needs no model. */
process.exit(
  await runProgram(async (io) => createFakeServices(io.env["FAKE_HISTORY"], io.env["FAKE_ASK"] === "1")),
);

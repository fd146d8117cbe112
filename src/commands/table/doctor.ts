import type { Command } from "../command.ts";
import { json } from "./flags.ts";

export const doctor: Command = {
  name: "doctor",
  summary: "Look at everything that can be wrong, and say what to do.",
  description: [
    "Folders and their modes, configuration, keys, the model's server, sandbox, database, disk, clock, gateway, service and backups. Ends with 1 when something needs you. --fix repairs only what is safe: modes and what dead processes left; never the configuration.",
  ],
  flags: [{ name: "fix", says: "Repair what can be repaired safely." }, json],
  words: [],
  examples: [
    { line: "nanoclaw doctor", says: "A line for each thing." },
    { line: "nanoclaw doctor --json", says: "For a script or a monitor." },
  ],
  run: async (args, io, _context, signal) => {
    const { runDoctorCommand } = await import("../doctor.ts");
    return await runDoctorCommand(args, io, signal);
  },
};

import type { Command } from "../command.ts";
import { json } from "./flags.ts";

export const backup: Command = {
  name: "backup",
  summary: "Write everything into one file, while it runs.",
  description: [
    "Configuration, keys, conversations, instructions and the assistants' own files: all that another machine needs. Without FILE it goes into the backups folder. It holds your keys: keep it as you keep them.",
  ],
  flags: [
    { name: "no-files", says: "Leave out the assistants' own folders (needs no sandbox)." },
    { name: "daily", says: "Only a copy of the database, once a day; old ones go." },
    json,
  ],
  words: [{ name: "FILE", isOptional: true }],
  examples: [
    { line: "nanoclaw backup", says: "Into ~/.nanoclaw/backups." },
    { line: "nanoclaw backup /media/stick/nanoclaw.tar", says: "To where it is safe." },
  ],
  run: async (args, io, _context, signal) => {
    const { runBackupCommand } = await import("../backup.ts");
    return await runBackupCommand(args, io, signal);
  },
};

export const restore: Command = {
  name: "restore",
  summary: "Put a backup in the place of what is there.",
  description: [
    "FILE is one of nanoclaw backup, or a copy of the database (.db) from the backups folder. Nothing is changed before all of it was unpacked and checked; what was there is put aside. Without FILE it ends a restore that was cut short.",
  ],
  flags: [{ name: "yes", short: "y", says: "Do not ask." }],
  words: [{ name: "FILE", isOptional: true }],
  examples: [
    { line: "nanoclaw restore nanoclaw.tar", says: "Says what it would do, and asks." },
    { line: "nanoclaw restore ~/.nanoclaw/backups/daily-2026-01-31.db", says: "Only the conversations." },
  ],
  run: async (args, io, _context, signal) => {
    const { runRestoreCommand } = await import("../backup.ts");
    return await runRestoreCommand(args, io, signal);
  },
};

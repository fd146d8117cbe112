import type { Command } from "../command.ts";

export const service: Command = {
  name: "service",
  summary: "Put the program where your shell finds it.",
  flags: [],
  words: [],
  examples: [{ line: "nanoclaw service path", says: "Link nanoclaw and claw into ~/.local/bin." }],
  subcommands: [
    {
      name: "path",
      summary: "Link nanoclaw and claw into a folder on your PATH.",
      flags: [
        { name: "prefix", value: "FOLDER", says: "Link into FOLDER/bin instead of ~/.local/bin." },
        { name: "remove", says: "Remove the links again." },
      ],
      words: [],
      examples: [
        { line: "nanoclaw service path", says: "Link into ~/.local/bin." },
        { line: "nanoclaw service path --prefix /usr/local", says: "For everybody on this machine." },
        { line: "nanoclaw service path --remove", says: "Undo it." },
      ],
      run: async (args, io) => {
        const { runServicePath } = await import("../service.ts");
        return await runServicePath(args, io);
      },
    },
  ],
};

/** How the running program is started: one executable, or Bun with a source file. */
export type RunningProgram =
  | { readonly type: "executable"; readonly path: string }
  | { readonly type: "source"; readonly bun: string; readonly main: string };

export function findRunningProgram(): RunningProgram {
  const main = Bun.main;
  return main.startsWith("/$bunfs/")
    ? { type: "executable", path: process.execPath }
    : { type: "source", bun: process.execPath, main };
}

/** They keep Bun from obeying the `.env`, `bunfig.toml` and `tsconfig.json` of the folder the person stands in. */
const flags = ["--no-env-file", "--config=/dev/null", "--tsconfig-override=/dev/null", "--no-install"];

/** The words that start it, before those of a command. */
export function toCommandWords(program: RunningProgram): readonly string[] {
  return program.type === "executable" ? [program.path] : [program.bun, ...flags, program.main];
}

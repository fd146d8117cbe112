import { chmod, lstat, mkdir, readFile, readlink, rename, rm, symlink, writeFile } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { AppError, systemCode } from "../errors.ts";
import {
  findRunningProgram,
  toCommandWords,
  type RunningProgram,
} from "../operations/service/running-program.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";

const names = ["nanoclaw", "claw"] as const;

export async function runServicePath(
  args: ParsedArguments,
  io: CommandIo,
  program: RunningProgram = findRunningProgram(),
): Promise<ExitCode> {
  const prefix = args.value("prefix");
  const home = io.env["HOME"] ?? "";
  if (prefix === undefined && home === "") {
    throw new AppError("usage", "HOME is not set.", { hint: "Name a folder: --prefix FOLDER" });
  }
  const folder = prefix === undefined ? join(home, ".local", "bin") : join(resolve(io.cwd, prefix), "bin");
  const paths = names.map((name) => join(folder, name));
  if (args.has("remove")) {
    for (const path of paths) {
      if ((await inspect(path)) === "ours") await rm(path);
    }
    await io.write(`✓ Removed the links from ${folder}\n`);
    return 0;
  }
  await mkdir(folder, { recursive: true });
  const taken: string[] = [];
  for (const path of paths) {
    if ((await inspect(path)) === "foreign") taken.push(path);
  }
  if (taken.length > 0) {
    throw new AppError("conflict", `Something else is there already: ${taken.join(", ")}.`, {
      hint: "Move it away, or choose another folder: --prefix FOLDER",
    });
  }
  for (const name of names) await link(name, join(folder, name), program);
  await io.write(`✓ Linked ${names.join(" and ")} into ${folder}\n`);
  if (!(io.env["PATH"] ?? "").split(delimiter).includes(folder)) {
    await io.write(`  It is not on your PATH yet. Add to your shell's start file:\n`);
    await io.write(`  export PATH="${folder}:$PATH"\n`);
  }
  return 0;
}

/** The second line of a launcher, by which we know it again. */
const launcherMark = "# Starts NanoClaw from source; made by `nanoclaw service path`.";

/** Never touches a file that we did not make. */
async function inspect(path: string): Promise<"free" | "ours" | "foreign"> {
  try {
    const stat = await lstat(path);
    if (stat.isSymbolicLink())
      return /(^|\/)(nano)?claw[^/]*$/.test(await readlink(path)) ? "ours" : "foreign";
    if (!stat.isFile() || stat.size > 4096) return "foreign";
    return (await readFile(path, "utf8")).includes(launcherMark) ? "ours" : "foreign";
  } catch (error) {
    if (systemCode(error) === "ENOENT") return "free";
    throw error;
  }
}

/** Made beside and renamed over: at no instant is the name missing. */
async function link(name: string, path: string, program: RunningProgram): Promise<void> {
  const next = `${path}.${process.pid}.next`;
  await rm(next, { force: true });
  if (program.type === "executable") {
    await symlink(program.path, next);
  } else {
    await writeFile(next, toLauncher(name, program), { mode: 0o755, flag: "wx" });
    await chmod(next, 0o755);
  }
  await rename(next, path);
}

function toLauncher(name: string, program: RunningProgram): string {
  const words = toCommandWords(program).map(quote);
  return `#!/bin/sh\n${launcherMark}\nNANOCLAW_NAME=${name} exec ${words.join(" ")} "$@"\n`;
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { AppError, systemCode } from "../../errors.ts";
import { serviceWords } from "../../words/english/service.ts";

/** Stands in every file that we give to a service manager; one without it is somebody else's. */
export const ownMark = "Made by nanoclaw service install";

export async function isOwnFile(path: string): Promise<boolean> {
  return (await read(path))?.includes(ownMark) === true;
}

/** In one step. Throws `AppError("conflict")` for a file of that name that we did not make. */
export async function writeOwnFile(path: string, text: string): Promise<void> {
  const there = await read(path);
  if (there !== undefined && !there.includes(ownMark)) {
    throw new AppError("conflict", serviceWords.foreignFile({ path }));
  }
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(draft, text, { mode: 0o644, flag: "wx" });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

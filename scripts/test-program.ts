import { mkdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";

import { compileProgram } from "./compile.ts";

/**
 * The executable that the whole-program tests start: a start of it costs a third of one from source, and there are a
 * thousand. Made anew when anything that goes into it is newer. Returns its path.
 */
export async function prepareTestProgram(root: string): Promise<string> {
  const outfile = join(root, "dist/test/nanoclaw");
  const madeAt = await modifiedAt(outfile);
  if (madeAt === undefined || (await isAnyNewer(root, madeAt))) {
    await mkdir(join(root, "dist/test"), { recursive: true });
    // Two runs at once each make their own.
    const fresh = `${outfile}.${process.pid}`;
    await compileProgram({ entry: join(root, "src/main.ts"), outfile: fresh });
    await rename(fresh, outfile);
  }
  return outfile;
}

async function isAnyNewer(root: string, than: number): Promise<boolean> {
  const files = ["package.json", "package-lock.json", "tsconfig.json", "scripts/compile.ts"];
  for await (const path of new Bun.Glob("src/**/*").scan({ cwd: root, onlyFiles: false })) files.push(path);
  for (const path of files) if (((await modifiedAt(join(root, path))) ?? 0) > than) return true;
  return false;
}

async function modifiedAt(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.mtimeMs;
}

if (import.meta.main) console.log(await prepareTestProgram(join(import.meta.dir, "..")));

import { copyFile, link, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { systemCode } from "../errors.ts";

/** A folder that is shown to the sandbox in which pages are decoded, and what is started in it. */
export interface DecoderProgram {
  readonly folder: string;
  /** `inside`: what the folder is called there. */
  readonly argv: (inside: string) => readonly string[];
}

/** `src/main.ts` takes it; no person types it. */
export const decoderWord = "decode-inside";

const isCompiled = import.meta.dir.startsWith("/$bunfs");

/**
 * This very program, alone in a folder below `run`: made once for each version of it, and what older ones left is removed.
 * From source it is Bun and one file of what decodes.
 */
export async function prepareDecoder(run: string): Promise<DecoderProgram> {
  const script = isCompiled ? "" : await bundle();
  const { size, mtimeMs, ino } = await stat(process.execPath);
  const version = Bun.hash(`${process.execPath} ${size} ${mtimeMs} ${ino} ${script}`).toString(36);
  const folder = `${run}/decoder-${version}`;
  if (!(await Bun.file(`${folder}/program`).exists())) await make(run, folder, script);
  return {
    folder,
    argv: (inside) =>
      isCompiled
        ? [`${inside}/program`, decoderWord]
        : [`${inside}/program`, "--no-env-file", "--config=/dev/null", "--no-install", `${inside}/decode.js`],
  };
}

async function make(run: string, folder: string, script: string): Promise<void> {
  await mkdir(run, { recursive: true, mode: 0o700 });
  const draft = await mkdtemp(`${run}/new-decoder-`);
  try {
    await placeProgram(`${draft}/program`);
    if (script !== "") await writeFile(`${draft}/decode.js`, script, { mode: 0o644 });
    await removeOlder(run, folder);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another process has made the same.
    if (systemCode(error) !== "ENOTEMPTY" && systemCode(error) !== "EEXIST") throw error;
  }
}

/** The same file under another name where the disk can, else a copy of it. */
async function placeProgram(path: string): Promise<void> {
  try {
    await link(process.execPath, path);
  } catch {
    await copyFile(process.execPath, path);
  }
}

/** All but `current`: another process may have made it meanwhile and be about to mount it. */
async function removeOlder(run: string, current: string): Promise<void> {
  const old = (await readdir(run))
    .filter((name) => name.startsWith("decoder-"))
    .map((name) => `${run}/${name}`)
    .filter((path) => path !== current);
  await Promise.all(old.map((path) => rm(path, { recursive: true, force: true })));
}

let bundled: Promise<string> | undefined;

/** What decodes, as one file; from source only, where it stands beside us. */
async function bundle(): Promise<string> {
  bundled ??= build();
  return await bundled;
}

async function build(): Promise<string> {
  const entry = `${import.meta.dir}/decode.ts`;
  const { outputs } = await Bun.build({ entrypoints: [entry], target: "bun", throw: true });
  const text = (await outputs[0]?.text()) ?? "";
  return `${text}\nprocess.exit(await runDecoder());\n`;
}

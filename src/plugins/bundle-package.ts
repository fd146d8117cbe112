import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../errors.ts";
import { run } from "../run.ts";
import { pluginWords } from "../words/english/plugin.ts";

const timeoutMs = 60_000;

/**
 * All that a package exports as one file; it and what it needs lie in `node_modules` of `scratch`. Done by our own executable
 * in a process of its own that stands in `scratch`: the bundler obeys the `tsconfig.json` of the folder where it stands, and
 * the person may stand in anybody's.
 */
export async function bundlePackage(name: string, scratch: string, signal: AbortSignal): Promise<Uint8Array> {
  const folder = join(scratch, "bundle");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "entry.mjs"), `export * from ${JSON.stringify(name)};\n`);
  // Ends the search for one farther up.
  await writeFile(join(folder, "tsconfig.json"), "{}\n");
  await writeFile(join(scratch, "tsconfig.json"), "{}\n");
  const options = [
    "--target=bun",
    "--format=esm",
    "--minify-syntax",
    "--minify-whitespace",
    "--outfile=bundle.mjs",
  ];
  const argv = [process.execPath, "build", "--no-env-file", "entry.mjs", ...options];
  const { code } = await run(argv, { cwd: folder, env: { BUN_BE_BUN: "1" }, timeoutMs, signal });
  const file = Bun.file(join(folder, "bundle.mjs"));
  if (code === 0 && (await file.exists())) return await file.bytes();
  throw new AppError("config", pluginWords.notOneFile({ name }));
}

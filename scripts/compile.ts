import { join } from "node:path";

export interface CompileOptions {
  readonly entry: string;
  readonly outfile: string;
  /** What `NANOCLAW_VERSION` is in the program. */
  readonly version?: string;
}

const flags = [
  "--compile",
  "--bytecode",
  "--minify",
  "--splitting",
  "--format=esm",
  "--no-compile-autoload-dotenv",
  "--no-compile-autoload-bunfig",
  "--no-compile-autoload-tsconfig",
  "--no-compile-autoload-package-json",
];

/**
 * One executable that holds everything, starts in milliseconds (bytecode; what is imported lazily stays so) and reads
 * neither `.env` nor `bunfig.toml` of the folder that it is started in.
 */
export async function compileProgram({ entry, outfile, version }: CompileOptions): Promise<void> {
  const define = version === undefined ? [] : ["--define", `NANOCLAW_VERSION=${JSON.stringify(version)}`];
  const bun = [process.execPath, "--no-env-file", "--config=/dev/null", "build"];
  const child = Bun.spawn([...bun, entry, "--outfile", outfile, ...flags, ...define], {
    cwd: join(import.meta.dir, ".."),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [output, errors, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (code !== 0) throw new Error(`could not compile ${entry}:\n${output}${errors}`);
}

import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";

import { compileProgram } from "./compile.ts";

export interface BuildOptions {
  readonly root: string;
  readonly entry: string;
  readonly outfile: string;
}

export interface BuildResult {
  readonly version: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly seconds: number;
  /** The shared libraries it needs, where that can be told. */
  readonly libraries: readonly string[];
}

/** Compiles twice and compares: throws when the same source makes different executables. Replaces `outfile` at once or not at all. */
export async function buildProgram({ root, entry, outfile }: BuildOptions): Promise<BuildResult> {
  const started = performance.now();
  const version = await readVersion(root);
  await mkdir(dirname(outfile), { recursive: true });
  const scratch = await mkdtemp(join(dirname(outfile), ".build-"));
  try {
    const [first, second] = ["first", "second"].map((name) => join(scratch, name, basename(outfile))) as [
      string,
      string,
    ];
    await compileProgram({ entry, outfile: first, version });
    const seconds = (performance.now() - started) / 1000;
    await compileProgram({ entry, outfile: second, version });
    const sha256 = await hash(first);
    if (sha256 !== (await hash(second)))
      throw new Error(`two builds of ${entry} differ: the executable is not reproducible`);
    await rename(first, outfile);
    return {
      version,
      bytes: Bun.file(outfile).size,
      sha256,
      seconds,
      libraries: await readLibraries(outfile),
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** `0.1.0+f56e32b`; with `.dirty` when it holds what no commit does; the number alone outside git. */
async function readVersion(root: string): Promise<string> {
  const manifest: unknown = await Bun.file(join(root, "package.json")).json();
  const number =
    typeof manifest === "object" && manifest !== null && "version" in manifest
      ? String(manifest.version)
      : "0.0.0";
  const described = await capture(
    ["git", "describe", "--always", "--dirty=.dirty", "--exclude=*", "--abbrev=7"],
    root,
  );
  return described === undefined ? number : `${number}+${described.trim()}`;
}

async function readLibraries(path: string): Promise<readonly string[]> {
  const listed = await capture(["ldd", path], dirname(path));
  return (listed ?? "").split("\n").flatMap((line) => /^\s*(\S+\.so\S*)/.exec(line)?.[1] ?? []);
}

async function capture(argv: string[], cwd: string): Promise<string | undefined> {
  if (Bun.which(argv[0] ?? "") === null) return undefined;
  const child = Bun.spawn(argv, { cwd, stdout: "pipe", stderr: "ignore" });
  const output = await new Response(child.stdout).text();
  return (await child.exited) === 0 ? output : undefined;
}

async function hash(path: string): Promise<string> {
  const hasher = new Bun.CryptoHasher("sha256");
  for await (const chunk of Bun.file(path).stream()) hasher.update(chunk);
  return hasher.digest("hex");
}

if (import.meta.main) {
  const root = join(import.meta.dir, "..");
  const { values } = parseArgs({ options: { entry: { type: "string" }, outfile: { type: "string" } } });
  const outfile = values.outfile ?? join(root, "dist/nanoclaw");
  const built = await buildProgram({ root, entry: values.entry ?? join(root, "src/main.ts"), outfile });
  console.log(outfile);
  console.log(`  version   ${built.version}`);
  console.log(`  size      ${(built.bytes / 1e6).toFixed(1)} MB`);
  console.log(`  sha256    ${built.sha256}`);
  console.log(`  built in  ${built.seconds.toFixed(1)} s, and once more: identical`);
  console.log(
    `  links to  ${built.libraries.map((library) => basename(library)).join(" ") || "nothing that can be told here"}`,
  );
}

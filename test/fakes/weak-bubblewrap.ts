import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createBubblewrap } from "../../src/sandbox/bubblewrap/runtime.ts";
import { systemSearchPath } from "../../src/sandbox/bubblewrap/programs.ts";
import type { SandboxRuntime } from "../../src/sandbox/sandbox.ts";

/** The real runtime with one control taken out: a program in front of `bwrap` changes what it was told. */
export async function createWeakBubblewrap(
  folder: string,
  change: {
    readonly without: string;
    readonly instead?: readonly string[];
  },
): Promise<SandboxRuntime> {
  const path = join(folder, "bwrap");
  const instead = (change.instead ?? []).map((word) => `"${word}"`).join(" ");
  await writeFile(
    path,
    `#!/bin/sh
left=$#
while [ $left -gt 0 ]; do
  word=$1
  shift
  left=$((left - 1))
  case $word in
    '${change.without}') ${instead === "" ? ":" : `set -- "$@" ${instead}`} ;;
    *) set -- "$@" "$word" ;;
  esac
done
exec /usr/bin/bwrap "$@"
`,
  );
  await chmod(path, 0o755);
  // Root's sandbox reaches it as another uid.
  await chmod(folder, 0o755);
  return createBubblewrap({ searchPath: `${folder}:${systemSearchPath}` });
}

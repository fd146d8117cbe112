import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createBubblewrap } from "../../src/sandbox/bubblewrap/runtime.ts";
import { systemSearchPath } from "../../src/sandbox/bubblewrap/programs.ts";
import type { SandboxRuntime } from "../../src/sandbox/sandbox.ts";

interface Change {
  readonly without: string;
  readonly instead?: readonly string[];
}

/** The real runtime with a control taken out, or several: a program in front of `bwrap` changes what it was told. */
export async function createWeakBubblewrap(
  folder: string,
  ...changes: readonly Change[]
): Promise<SandboxRuntime> {
  const path = join(folder, "bwrap");
  const cases = changes.map(({ without, instead = [] }) => {
    const words = instead.map((word) => `"${word}"`).join(" ");
    return `    '${without}') ${words === "" ? ":" : `set -- "$@" ${words}`} ;;`;
  });
  await writeFile(
    path,
    `#!/bin/sh
left=$#
while [ $left -gt 0 ]; do
  word=$1
  shift
  left=$((left - 1))
  case $word in
${cases.join("\n")}
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

import { dirname, join, relative } from "node:path";

export interface Import {
  /** `src/tools/tool.ts`, or the bare name of a package or builtin. */
  readonly target: string;
  readonly isLazy: boolean;
  /** Erased: it shapes the architecture but loads nothing. */
  readonly isType: boolean;
}

/** Every import of every file below `folder`, by its path relative to `root`. */
export async function readImportGraph(
  root: string,
  folder: string,
): Promise<ReadonlyMap<string, readonly Import[]>> {
  const paths = [...new Bun.Glob(`${folder}/**/*.{ts,tsx}`).scanSync({ cwd: root })].toSorted();
  const entries = paths.map(
    async (path) => [path, parseImports(root, path, await Bun.file(join(root, path)).text())] as const,
  );
  return new Map(await Promise.all(entries));
}

/** The first chain of imports from `entry` to something that `isGoal` accepts, static and loaded at run time. */
export function findStaticPath(
  graph: ReadonlyMap<string, readonly Import[]>,
  entry: string,
  isGoal: (target: string) => boolean,
): readonly string[] | undefined {
  const queue = [[entry]];
  const seen = new Set([entry]);
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    for (const { target, isLazy, isType } of graph.get(path.at(-1) ?? entry) ?? []) {
      if (isLazy || isType || seen.has(target)) continue;
      if (isGoal(target)) return [...path, target];
      seen.add(target);
      queue.push([...path, target]);
    }
  }
  return undefined;
}

// The formatter puts every import statement at the start of a line, and nothing else that looks like one.
const statement =
  /^(?:import|export)\b(?<clause>[^"';]*?)\bfrom\s*"(?<from>[^"]+)"|^import\s*"(?<bare>[^"]+)"/gm;
const lazy = /\bimport\(\s*"(?<from>[^"]+)"\s*[,)]/g;

function parseImports(root: string, path: string, text: string): readonly Import[] {
  const code = text.replaceAll(/^\s*(?:\/\/.*|\/\*[\s\S]*?\*\/)$/gm, "");
  const toTarget = (name: string): string =>
    name.startsWith(".") ? relative(root, join(root, dirname(path), name)) : name;
  const fixed = [...code.matchAll(statement)].map(({ groups }) => ({
    target: toTarget(groups?.["from"] ?? groups?.["bare"] ?? ""),
    isLazy: false,
    isType: isTypeOnly(groups?.["clause"] ?? ""),
  }));
  const late = [...code.matchAll(lazy)].map(({ groups }) => ({
    target: toTarget(groups?.["from"] ?? ""),
    isLazy: true,
    isType: false,
  }));
  return [...fixed, ...late];
}

function isTypeOnly(clause: string): boolean {
  if (/^\s+type\b/.test(clause)) return true;
  const names = /^\s*\{(?<names>[^}]*)\}\s*$/.exec(clause)?.groups?.["names"];
  const listed = names?.split(",").filter((name) => name.trim() !== "") ?? [];
  return listed.length > 0 && listed.every((name) => /^\s*type\b/.test(name));
}

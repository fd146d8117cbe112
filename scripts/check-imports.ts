import { findStaticPath, readImportGraph, type Import } from "./import-graph.ts";
import { heavyPackages, levels, ports, shared, sideways, startPaths } from "./layers.ts";

/** The layering, the independence of implementations, cycles, and what the start-up path may load. */
export async function checkImports(root: string): Promise<readonly string[]> {
  const graph = await readImportGraph(root, "src");
  const code = new Map([...graph].filter(([path]) => !path.endsWith(".test.ts")));
  const edges = [...code].flatMap(([path, imports]) => imports.map((each) => ({ path, ...each })));
  return [
    ...[...code.keys()].flatMap(checkPlace),
    ...edges.flatMap(checkDirection),
    ...edges.flatMap(checkImplementation),
    ...findCycles(code),
    ...checkStartPaths(code),
  ];
}

type Edge = Import & { readonly path: string };

/** `src/tools/tool.ts` → `tools`; `src/errors.ts` → `errors`; nothing for `src/main.ts` and what is outside `src`. */
function toPart(path: string): string | undefined {
  const part = /^src\/([^/]+?)(?:\.ts)?(?:\/|$)/.exec(path)?.[1];
  return part === "main" ? undefined : part;
}

function levelOf(part: string): number {
  return levels.findIndex((names) => names.includes(part));
}

function checkPlace(path: string): readonly string[] {
  const part = toPart(path);
  if (part === undefined || path.endsWith(".d.ts") || levelOf(part) >= 0) return [];
  return [`${path}: "${part}" has no level: give it a row in scripts/layers.ts`];
}

function checkDirection({ path, target }: Edge): readonly string[] {
  if (/^(?:test|scripts|bench)\//.test(target))
    return [`${path}: imports ${target}: the program doesn't depend on its tests and tools`];
  if (target === "src/main.ts") return [`${path}: imports src/main.ts: nothing stands above it`];
  const from = toPart(path);
  const to = target.startsWith("src/") ? toPart(target) : undefined;
  if (from === undefined || to === undefined || from === to || (sideways[from] ?? []).includes(to)) return [];
  if (levelOf(to) > levelOf(from)) return [];
  return [`${path}: imports ${target}: ${from} may not import ${to}, imports point down (scripts/layers.ts)`];
}

function checkImplementation({ path, target, isLazy, isType }: Edge): readonly string[] {
  const to = toImplementation(target);
  if (to === undefined || to === toImplementation(path)) return [];
  if (path === `${to.slice(0, to.lastIndexOf("/"))}/registry.ts` && (isLazy || isType)) return [];
  return [`${path}: imports ${target}: only registry.ts reaches into ${to}, and lazily`];
}

/** `src/channels/telegram/format.ts` → `src/channels/telegram`. */
function toImplementation(path: string): string | undefined {
  const [, port = "", name = ""] = /^src\/([^/]+)\/([^/]+)\//.exec(path) ?? [];
  return ports.includes(port) && !shared.includes(`${port}/${name}`) ? `src/${port}/${name}` : undefined;
}

/** Each cycle once, types and lazy imports included: a cycle is a part that was cut in the wrong place. */
function findCycles(graph: ReadonlyMap<string, readonly Import[]>): readonly string[] {
  const done = new Set<string>();
  const cycles: string[] = [];
  function visit(path: string, trail: readonly string[]): void {
    const at = trail.indexOf(path);
    if (at >= 0) cycles.push(`cycle: ${[...trail.slice(at), path].join(" → ")}`);
    if (at >= 0 || done.has(path)) return;
    for (const { target } of graph.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  }
  for (const path of graph.keys()) visit(path, []);
  return cycles;
}

function checkStartPaths(graph: ReadonlyMap<string, readonly Import[]>): readonly string[] {
  return startPaths.flatMap(({ entry, heavy }) => {
    const path = findStaticPath(graph, entry, (target) =>
      [...heavy, ...heavyPackages].some((name) => isWithin(target, name)),
    );
    return path === undefined
      ? []
      : [`${entry}: loads ${String(path.at(-1))} at start-up: ${path.join(" → ")}`];
  });
}

function isWithin(target: string, name: string): boolean {
  if (name.endsWith("/*")) return target.startsWith(name.slice(0, -1));
  return target === name || target.startsWith(`${name}/`);
}

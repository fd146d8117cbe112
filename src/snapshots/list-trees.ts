import { AppError } from "../errors.ts";
import { secretFiles, secretFolders, steeringFiles, steeringFolders } from "../sandbox/protected-names.ts";
import type { ToolSandbox } from "../sandbox/sandbox.ts";
import { startInside, waitFor } from "./run-inside.ts";
import type { ListedEntry, ListedTree, Root } from "./tree.ts";

export interface ListLimits {
  readonly entries: number;
  /** Of the list itself: names can be long. */
  readonly listBytes: number;
  readonly listMs: number;
}

/**
 * What stands in each root now, by one `find` inside: the kernel resolves every name there, and no link is followed.
 * Throws `AppError("conflict")` with the reason when there is too much of it, or it can't be listed.
 */
export async function listTrees(
  sandbox: ToolSandbox,
  roots: readonly Root[],
  limits: ListLimits,
  signal: AbortSignal,
): Promise<ListedTree[]> {
  for (let attempt = 1; ; attempt++) {
    const listed = await listOnce(sandbox, roots, limits, signal);
    if (typeof listed !== "string") return listed;
    // A folder that went away while it was read: a command in the background is at work, and the next look may be luckier.
    if (attempt < attempts && listed.endsWith(vanished)) continue;
    throw new AppError("conflict", `the files could not be listed (${listed.slice(0, 200)})`);
  }
}

const attempts = 5;
const vanished = ": No such file or directory";

/** The trees, or why `find` failed. */
async function listOnce(
  sandbox: ToolSandbox,
  roots: readonly Root[],
  limits: ListLimits,
  signal: AbortSignal,
): Promise<ListedTree[] | string> {
  const child = await startInside(sandbox, toCommand(roots), { signal, timeoutMs: limits.listMs });
  const listing = new Listing(roots, limits);
  try {
    for await (const chunk of child.stdout) listing.add(chunk);
  } catch (error) {
    child.kill();
    throw error;
  }
  const code = await waitFor(child, signal).catch((error: unknown) => {
    throw signal.aborted ? error : tooMuch(`it took longer than ${limits.listMs / 1000} seconds to list it`);
  });
  if (code === 0) return listing.trees();
  return (await child.complaint).trim().split("\n").at(-1) ?? "";
}

/** Type and facts, then the root, the path below it and a link's target, each up to a zero byte. */
const record = "%y %i %n %s %m %T@ %C@ %D\\0%H\\0%P\\0%l\\0";

/** A letter before the record: `p` protected, `c` a closed folder, `-` all else. */
function toCommand(roots: readonly Root[]): string[] {
  const [workspace] = roots;
  const extra = `${workspace?.inside}/extra`;
  return [
    "find",
    ...roots.map(({ inside }) => inside),
    ...["-xdev", "-ignore_readdir_race", "("],
    // Shared folders are roots of their own; the read-only ones are none.
    ...(workspace?.hidesExtra === true
      ? ["-path", extra, "-prune", "-o", ...protectedIn(extra), "-prune", ...print("p"), "-o"]
      : []),
    ...["-type", "d", "(", "!", "-readable", "-o", "!", "-executable", ")", "-prune", ...print("c")],
    ...["-o", ...print("-"), ")"],
  ];
}

/** Covered or kept read-only by the sandbox, whatever they hold. */
function protectedIn(extra: string): string[] {
  return [
    ...["-path", `${extra}/*/*`, "("],
    ...["-type", "d", "(", ...named([...secretFolders, ...steeringFolders]), ")"],
    ...["-o", "!", "-type", "d", "(", ...named([...secretFiles, ...steeringFiles]), ")", ")"],
  ];
}

function named(patterns: readonly string[]): string[] {
  return patterns.flatMap((pattern, index) => [...(index === 0 ? [] : ["-o"]), "-name", pattern]);
}

function print(letter: string): string[] {
  return ["-printf", `${letter}${record}`];
}

function tooMuch(reason: string): AppError {
  return new AppError("conflict", reason);
}

/** Takes the records as they come; holds no more than the limits. */
class Listing {
  readonly #limits: ListLimits;
  readonly #trees: ReadonlyMap<string, { readonly root: Root; device: string; entries: ListedEntry[] }>;
  #fields: string[] = [];
  #rest = "";
  #bytes = 0;
  #count = 0;

  constructor(roots: readonly Root[], limits: ListLimits) {
    this.#limits = limits;
    this.#trees = new Map(roots.map((root) => [root.inside, { root, device: "", entries: [] }]));
  }

  add(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#limits.listBytes)
      throw tooMuch("the names of its files are too many or too long");
    const parts = (this.#rest + Buffer.from(chunk).toString("latin1")).split("\0");
    this.#rest = parts.pop() ?? "";
    for (const part of parts) {
      this.#fields.push(part);
      if (this.#fields.length < 4) continue;
      const [facts = "", root = "", path = "", target = ""] = this.#fields;
      this.#fields = [];
      this.#take(facts, root, path, target);
    }
  }

  trees(): ListedTree[] {
    return [...this.#trees.values()].map(({ root, device, entries }) => {
      if (device === "")
        throw new AppError("conflict", `${root.source ?? "the workspace"} can't be looked into`);
      return { root, device, entries: entries.sort((one, other) => (one.path < other.path ? -1 : 1)) };
    });
  }

  #take(facts: string, root: string, path: string, target: string): void {
    const tree = this.#trees.get(root);
    const [letters = "", inode = "", links, size, mode = "", time = "", change = "", device = ""] =
      facts.split(" ");
    if (tree === undefined) return;
    if (path === "") tree.device = device;
    // Something of the sandbox's own lies over it. In a shared folder that hides what the owner's list may show another time.
    const isCovered = device !== tree.device && !letters.startsWith("p");
    if (isCovered && tree.root.source === undefined) return;
    const kind = isCovered ? `p${letters.slice(1)}` : letters;
    this.#count += 1;
    if (this.#count > this.#limits.entries) {
      throw tooMuch(`it holds more than ${this.#limits.entries.toLocaleString("en")} files`);
    }
    const common = { path, mode: Number.parseInt(mode, 8), modified: toTime(time) };
    tree.entries.push(toEntry(kind, common, { inode, links, size, changed: toTime(change), target }));
  }
}

function toEntry(
  kind: string,
  common: { readonly path: string; readonly mode: number; readonly modified: string },
  more: {
    inode: string;
    links: string | undefined;
    size: string | undefined;
    changed: string;
    target: string;
  },
): ListedEntry {
  const [mark, type] = kind;
  if (mark === "p") return { type: "protected", ...common };
  switch (type) {
    case "f": {
      const { inode, changed } = more;
      return { type: "file", ...common, size: Number(more.size), inode, changed, links: Number(more.links) };
    }
    case "d":
      return { type: "folder", ...common, isClosed: mark === "c" };
    case "l":
      return { type: "link", ...common, target: more.target };
    case "p":
      return { type: "pipe", ...common };
    default:
      return { type: "special", ...common };
  }
}

/** `find` prints ten decimals, the last of which means nothing. */
function toTime(text: string): string {
  const [seconds = "0", fraction = ""] = text.split(".");
  return `${seconds}.${fraction.padEnd(9, "0").slice(0, 9)}`;
}

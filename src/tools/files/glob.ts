import { AppError } from "../../errors.ts";
import { toVisibleLine } from "../visible.ts";

export interface Glob {
  /** What stands before the name: a folder to search in, or empty. */
  readonly folder: string;
  /** Patterns for the bare name, without braces. */
  readonly names: readonly string[];
}

const mostNames = 32;

/**
 * Parts `src/**\/*.{js,ts}` into the folder `src` and the names `*.js` and `*.ts`, which every grep understands.
 * Throws `AppError("usage")` for wildcards in the middle of the path.
 */
export function parseGlob(glob: string): Glob {
  const slash = glob.lastIndexOf("/");
  const folder = glob.slice(0, slash + 1).replace(/(^|\/)(?:\*\*\/)+$/, "$1");
  if (/[*?[{]/.test(folder)) {
    throw new AppError("usage", `The glob ${toVisibleLine(glob, 100)} has wildcards in its folder.`, {
      hint: "Give the folder as path and a name pattern such as *.ts as glob.",
    });
  }
  const name = glob.slice(slash + 1);
  return { folder, names: name === "" || name === "**" ? [] : expandBraces(name) };
}

function expandBraces(pattern: string): readonly string[] {
  let expanded = [pattern];
  for (let group = findGroup(expanded); group !== undefined; group = findGroup(expanded)) {
    expanded = expanded.flatMap(expandFirst);
    if (expanded.length > mostNames) {
      throw new AppError("usage", `The glob has more than ${mostNames} alternatives.`);
    }
  }
  return expanded;
}

const braces = /\{([^{}]*)\}/;

function findGroup(patterns: readonly string[]): string | undefined {
  return patterns.find((pattern) => braces.test(pattern));
}

function expandFirst(pattern: string): readonly string[] {
  const [group, inner] = braces.exec(pattern) ?? [];
  if (group === undefined || inner === undefined) return [pattern];
  return inner.split(",").map((word) => pattern.replace(group, () => word));
}

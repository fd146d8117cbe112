import type { SandboxPaths } from "../sandbox/sandbox.ts";
import { AppError } from "../errors.ts";
import { toVisibleLine } from "./visible.ts";

export const pathInput = { type: "string", minLength: 1, maxLength: 4096 } as const;

/**
 * The absolute path inside the sandbox of what the model wrote. Only text is joined: the kernel of the sandbox
 * resolves `..` and links in its own mount namespace, so there is nothing to check here.
 */
export function toInsidePath(path: string, paths: SandboxPaths): string {
  if (path.includes("\0")) throw new AppError("usage", "A path cannot contain a NUL character.");
  if (path.startsWith("/")) return path;
  if (path === "~" || path.startsWith("~/")) return paths.home + path.slice(1);
  return `${paths.workspace}/${path}`;
}

/** `read notes.txt`, from input that nobody has checked. */
export function toPathTitle(verb: string, path: unknown): string {
  return typeof path === "string" ? `${verb} ${toVisibleLine(path, 100)}` : verb;
}

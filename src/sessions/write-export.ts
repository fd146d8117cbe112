import { realpath, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { AppError, systemCode } from "../errors.ts";
import { promptWords } from "../words/english/prompt.ts";

export interface ExportPlace {
  /** Where the person stands. */
  readonly folder: string;
  /** Folders that a sandbox can write. */
  readonly writable: readonly string[];
}

/**
 * Writes a file of the owner's, for nobody else to read. Says `exists` and writes nothing when something stands there,
 * unless it may be replaced; a link there is never followed. Below a folder that a sandbox can write nothing is
 * written, for a link there could lead anywhere; into that folder itself it is.
 */
export async function writeExport(
  path: string,
  text: string,
  { folder, writable }: ExportPlace,
  mayReplace: boolean,
): Promise<"exists" | { readonly path: string }> {
  const wanted = resolve(folder, path);
  try {
    const parent = await realpath(dirname(wanted));
    const roots = await Promise.all(writable.map((root) => realpath(root)));
    if (roots.some((root) => parent.startsWith(`${root}/`))) {
      throw new AppError("denied", promptWords.exportBelowShared({ folder: parent }));
    }
    const target = join(parent, basename(wanted));
    if (mayReplace) await replaceFile(target, text);
    else await writeFile(target, text, { flag: "wx", mode: 0o600 });
    return { path: target };
  } catch (error) {
    switch (systemCode(error)) {
      case "EEXIST":
        return "exists";
      case "ENOENT":
      case "ENOTDIR":
        throw new AppError("not-found", promptWords.exportNoFolder({ folder: dirname(wanted) }), {
          cause: error,
        });
      case "EISDIR":
        throw new AppError("usage", promptWords.exportIsFolder({ path: wanted }), { cause: error });
      default:
        throw error;
    }
  }
}

/** Whole or not at all; a link is replaced, not followed. */
async function replaceFile(target: string, text: string): Promise<void> {
  const next = `${target}.${process.pid}.next`;
  try {
    await writeFile(next, text, { flag: "wx", mode: 0o600 });
    await rename(next, target);
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  }
}

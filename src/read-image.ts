import { AppError, systemCode } from "./errors.ts";
import { usageWords } from "./words/english/usage.ts";
import { findImageType, type ImagePart, largestImage, toImagePart, tooLargeImage } from "./image.ts";

/**
 * Reads a picture that the owner named on the command line or in the prompt. Throws `AppError`: it is not there, is no
 * PNG, JPEG, GIF or WebP, or is too large. Never for a file of a workspace: those are read in the sandbox.
 */
export async function readImage(path: string): Promise<ImagePart> {
  const size = await findSize(path);
  if (size === undefined) throw new AppError("usage", usageWords.notAPicture({ path }));
  if (size > largestImage) throw tooLargeImage(path);
  const image = toImagePart(await Bun.file(path).bytes(), path);
  if (image !== undefined) return image;
  throw new AppError("usage", usageWords.notAPicture({ path }));
}

/** Whether a regular file begins like a picture; what is not there or is a pipe is none. */
export async function isImageFile(path: string): Promise<boolean> {
  const size = await findSize(path).catch(() => undefined);
  if (size === undefined) return false;
  return findImageType(await Bun.file(path).slice(0, 12).bytes()) !== undefined;
}

/** Of a regular file: a pipe would be emptied, and a device never ends. */
async function findSize(path: string): Promise<number | undefined> {
  try {
    const status = await Bun.file(path).stat();
    return status.isFile() ? status.size : undefined;
  } catch (cause) {
    if (systemCode(cause) !== "ENOENT") throw cause;
    throw new AppError("not-found", usageWords.fileMissing({ path }), { cause });
  }
}

import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { AppError } from "../errors.ts";
import { writePrivateFile } from "../write-private-file.ts";
import { longestEverywhere } from "./read-everywhere.ts";

/** Throws `AppError("too-long")`. */
export async function writeEverywhere(path: string, text: string): Promise<void> {
  if (text.length > longestEverywhere) {
    const words = `What all groups are told holds ${longestEverywhere} characters; this has ${text.length}.`;
    throw new AppError("too-long", words);
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  writePrivateFile(path, text);
}

import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { readPrivateFile } from "../private-file.ts";
import { writePrivateFile } from "../write-private-file.ts";
import { type AllowedRoot, addRoot } from "./allowlist.ts";

/** Writes one more root into the owner's list, which was asked about it before; all else in it stays as it was written. */
export async function allowRoot(file: string, root: AllowedRoot): Promise<void> {
  const before = (await readPrivateFile(file, { mayOthersRead: true })) ?? "";
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  writePrivateFile(file, addRoot(before, root));
}

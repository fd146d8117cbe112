import {
  closeSync,
  constants,
  existsSync,
  openSync,
  renameSync,
  rmSync,
  statfsSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { systemCode } from "../errors.ts";
import { openLibc } from "../libc.ts";

/** Enough for the end of a turn, with pictures. */
const reserveBytes = 16 * 1024 * 1024;
/** On a disk that is nearly full the reserve itself would be what fills it. */
const leastFreeBytes = 8 * reserveBytes;

/**
 * Keeps some room on the disk of the database, which commands in sandboxes may fill: a file that is given up when nothing more can be
 * written. Harmless where it is there already. Never throws: without it a full disk is a full disk.
 */
export function keepReserve(folder: string): void {
  const path = toPath(folder);
  const made = `${path}.${process.pid}`;
  try {
    if (existsSync(path)) return;
    const { bavail, bsize } = statfsSync(folder);
    if (bavail * bsize < leastFreeBytes) return;
    fill(made);
    renameSync(made, path);
  } catch {
    rmSync(made, { force: true });
  }
}

/** Whether there was one; then there is room again. */
export function giveUpReserve(folder: string): boolean {
  try {
    unlinkSync(toPath(folder));
    return true;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    throw error;
  }
}

function toPath(folder: string): string {
  return `${folder}/nanoclaw.reserve`;
}

function fill(path: string): void {
  const file = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    const libc = openLibc({ posix_fallocate: { args: ["i32", "i64", "i64"], returns: "i32" } });
    if (libc?.posix_fallocate(file, 0, reserveBytes) === 0) return;
    // Not of zeros alone: some file systems keep none of those.
    const block = crypto.getRandomValues(new Uint8Array(65_536));
    for (let written = 0; written < reserveBytes; written += block.length) writeSync(file, block);
  } finally {
    closeSync(file);
  }
}

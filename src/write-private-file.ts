import {
  closeSync,
  constants,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { systemCode } from "./errors.ts";

/** Replaces the file in one step, mode 0600, and returns when it is on the disk. A link keeps pointing to it. */
export function writePrivateFile(path: string, text: string): void {
  const target = followLink(path);
  withDraft(target, text, (draft) => renameSync(draft, target));
}

/** Makes the file, likewise whole and 0600; one that is there already stays as it is. */
export function makePrivateFile(path: string, text: string): void {
  withDraft(path, text, (draft) => {
    try {
      linkSync(draft, path);
    } catch (error) {
      if (systemCode(error) !== "EEXIST") throw error;
    }
    rmSync(draft);
  });
}

function withDraft(target: string, text: string, place: (draft: string) => void): void {
  const draft = `${target}.${process.pid}.${crypto.randomUUID()}.tmp`;
  try {
    const descriptor = openSync(draft, "wx", 0o600);
    try {
      writeFileSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    place(draft);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  removeOrphans(dirname(target));
  syncFolder(dirname(target));
}

/** A write takes milliseconds: what is older, and whose writer is gone, nobody comes back to. It may hold a key. */
function removeOrphans(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = /\.(\d+)\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const path = join(folder, name);
    const status = lstatSync(path, { throwIfNoEntry: false });
    if (status !== undefined && Date.now() - status.mtimeMs > orphanMs) rmSync(path, { force: true });
  }
}

const orphanMs = 60_000;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return systemCode(error) !== "ESRCH";
  }
}

function followLink(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return path;
    throw error;
  }
}

function syncFolder(path: string): void {
  const descriptor = openSync(path, constants.O_RDONLY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

import {
  closeSync,
  constants,
  fsyncSync,
  linkSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
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
  syncFolder(dirname(target));
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

import { AppError } from "../../errors.ts";
import { backupWords } from "../../words/english/backup.ts";

/** The first member: by it a backup is known. */
export const headName = "nanoclaw-backup.json";
/** The last member, as `sha256sum -c` reads it: a file without it was cut short. */
export const sumsName = "SHA256SUMS";
export const databaseName = "nanoclaw.db";

const format = 1;

export interface BackupHead {
  readonly format: typeof format;
  readonly version: string;
  readonly createdAt: string;
  /** Whether the folders of the assistants themselves are in it. */
  readonly hasFiles: boolean;
}

/** What belongs to this machine and this moment, and in no backup; by its name in `NANOCLAW_HOME`. */
export function isLeftOut(name: string): boolean {
  return leftOut.has(name) || /\.(?:sock|pid|tmp|partial)$|^nanoclaw\.db-/.test(name);
}

const leftOut = new Set([
  "nanoclaw.reserve",
  "backups",
  "logs",
  "run",
  "restore",
  "spool",
  // Below it lies what sandboxes wrote.
  "removed",
  "test",
  "tmp",
]);

/** What of a group's folder its own sandbox writes, and what undo keeps of it. */
export const sandboxFolders: ReadonlySet<string> = new Set(["workspace", "home", "tmp", "snapshots"]);

/** The folders that are read and written by a spawn in the group's sandbox. */
export const groupArchives = ["workspace", "home"] as const;

export interface GroupArchive {
  readonly group: string;
  readonly folder: (typeof groupArchives)[number];
}

export function toArchiveName({ group, folder }: GroupArchive): string {
  return `groups/${group}/${folder}.tar`;
}

export function parseArchiveName(path: string): GroupArchive | undefined {
  const match = /^groups\/([A-Za-z0-9][A-Za-z0-9_-]{0,63})\/(workspace|home)\.tar$/.exec(path);
  const folder = groupArchives.find((known) => known === match?.[2]);
  return match?.[1] === undefined || folder === undefined ? undefined : { group: match[1], folder };
}

/**
 * Whether a member may be written below the folder that is restored: a plain relative path, and nothing that a sandbox
 * writes or that belongs to the machine.
 */
export function isSafeName(path: string): boolean {
  const parts = path.split("/");
  // oxlint-disable-next-line no-control-regex -- control characters have no place in a name that we wrote
  if (
    parts.some((part) => part === "" || part === "." || part === ".." || /[\u0000-\u001f\u007f]/.test(part))
  )
    return false;
  const [root = "", , folder = ""] = parts;
  if (isLeftOut(root)) return false;
  return root !== "groups" || (parts.length >= 3 && !sandboxFolders.has(folder));
}

export function toHead(version: string, now: number, hasFiles: boolean): BackupHead {
  return { format, version, createdAt: new Date(now).toISOString(), hasFiles };
}

/** Throws `AppError("config")` for what is no backup, and for one that a newer program made. */
export function parseHead(text: string, path: string): BackupHead {
  const head = parseJson(text);
  if (typeof head !== "object" || head === null || !("format" in head) || !("createdAt" in head)) {
    throw new AppError("config", backupWords.notOne({ path }));
  }
  if (head.format !== format) throw new AppError("config", backupWords.newer({ path }));
  const version = "version" in head ? String(head.version) : "";
  const hasFiles = "hasFiles" in head && head.hasFiles === true;
  return { format, version, createdAt: String(head.createdAt), hasFiles };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

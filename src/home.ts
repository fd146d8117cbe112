import type { Stats } from "node:fs";
import { AppError, systemCode } from "./errors.ts";
import { isLink } from "./libc.ts";
import { homeWords } from "./words/english/home.ts";
import { usageWords } from "./words/english/usage.ts";

/** Where everything stands that the program keeps. */
export interface HomePaths {
  readonly root: string;
  readonly config: string;
  readonly database: string;
  readonly secrets: string;
  readonly groups: string;
  readonly skills: string;
  readonly plugins: string;
  readonly logs: string;
  readonly backups: string;
  readonly run: string;
  /** Of which new groups are made: the owner's. */
  readonly templates: string;
  /** What is on its way out to a chat, as it was when it was sent off. */
  readonly spool: string;
  /** Where a gateway that runs is spoken to. */
  readonly socket: string;
}

/** One group's part. A sandbox writes `workspace` and `home` only; the rest it reads. */
export interface GroupPaths {
  readonly root: string;
  readonly agents: string;
  readonly soul: string;
  readonly user: string;
  readonly tools: string;
  readonly heartbeat: string;
  /** Notes to read, a file for each day, and what the owner writes into `MEMORY.md`. */
  readonly memory: string;
  /** Conversations that are over, to read. */
  readonly conversations: string;
  readonly workspace: string;
  readonly home: string;
  /** Holds one `/tmp` for each session. */
  readonly temporary: string;
  /** What undo puts back. No sandbox sees it. */
  readonly snapshots: string;
}

/** `NANOCLAW_HOME`, or `.nanoclaw` in the person's home. Touches nothing. */
export function findHome(environment: Readonly<Record<string, string | undefined>>): HomePaths {
  const root = findRoot(environment);
  return {
    root,
    config: `${root}/config.json`,
    database: `${root}/nanoclaw.db`,
    secrets: `${root}/secrets.json`,
    groups: `${root}/groups`,
    skills: `${root}/skills`,
    plugins: `${root}/plugins`,
    logs: `${root}/logs`,
    backups: `${root}/backups`,
    run: `${root}/run`,
    templates: `${root}/templates`,
    spool: `${root}/spool`,
    socket: `${root}/gateway.sock`,
  };
}

/**
 * Makes the folder (0700) if it is missing, and refuses one that another user could have changed. By `Bun.file`, for
 * `node:fs`, which only the exceptions need, costs a millisecond of every start.
 */
export async function prepareHome(root: string): Promise<void> {
  const status = (await look(root)) ?? (await makeFolder(root));
  if (!status.isDirectory() || isLink(root)) throw new AppError("denied", homeWords.noFolder({ path: root }));
  const ourUid = process.getuid?.() ?? status.uid;
  if (status.uid !== ourUid) {
    throw new AppError("denied", homeWords.ofAnother({ path: root, uid: status.uid, ourUid }));
  }
  if ((status.mode & 0o022) !== 0) {
    throw new AppError("denied", homeWords.openToOthers({ path: root, mode: toMode(status) }));
  }
  if ((status.mode & 0o077) !== 0) await (await import("node:fs/promises")).chmod(root, 0o700);
}

export function groupPaths(home: Pick<HomePaths, "groups">, name: string): GroupPaths {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name)) {
    throw new AppError("usage", usageWords.groupName({ name }));
  }
  const root = `${home.groups}/${name}`;
  return {
    root,
    agents: `${root}/AGENTS.md`,
    soul: `${root}/SOUL.md`,
    user: `${root}/USER.md`,
    tools: `${root}/TOOLS.md`,
    heartbeat: `${root}/HEARTBEAT.md`,
    memory: `${root}/memory`,
    conversations: `${root}/conversations`,
    workspace: `${root}/workspace`,
    home: `${root}/home`,
    temporary: `${root}/tmp`,
    snapshots: `${root}/snapshots`,
  };
}

function findRoot(environment: Readonly<Record<string, string | undefined>>): string {
  const chosen = environment["NANOCLAW_HOME"];
  if (chosen !== undefined && chosen !== "") {
    if (chosen.startsWith("/")) return normalize(chosen);
    throw new AppError("usage", homeWords.relative({ path: chosen }));
  }
  const home = environment["HOME"];
  if (home?.startsWith("/") === true) return normalize(`${home}/.nanoclaw`);
  throw new AppError("usage", homeWords.unset());
}

function normalize(path: string): string {
  if (!/\/\.{0,2}(?:\/|$)/.test(path)) return path;
  return process.getBuiltinModule("node:path").resolve(path);
}

async function look(path: string): Promise<Stats | undefined> {
  try {
    return await Bun.file(path).stat();
  } catch {
    // Whatever it is, who makes the folder finds it too, and has a word for it.
    return undefined;
  }
}

async function makeFolder(root: string): Promise<Stats> {
  const { mkdir, stat } = await import("node:fs/promises");
  try {
    await mkdir(root, { recursive: true, mode: 0o700 });
    return await stat(root);
  } catch (cause) {
    switch (systemCode(cause)) {
      case "EEXIST":
      case "ENOTDIR":
      case "ELOOP":
        throw new AppError("denied", homeWords.noFolder({ path: root }), { cause });
      case "EACCES":
      case "EPERM":
        throw new AppError("io", homeWords.cannotMake({ path: root, isReadOnly: false }), { cause });
      case "EROFS":
        throw new AppError("io", homeWords.cannotMake({ path: root, isReadOnly: true }), { cause });
      default:
        throw cause;
    }
  }
}

function toMode(status: Stats): string {
  return (status.mode & 0o777).toString(8);
}

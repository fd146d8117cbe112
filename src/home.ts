import { chmodSync, lstatSync, mkdirSync, type Stats } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { AppError, systemCode } from "./errors.ts";
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
}

/** One group's part. A sandbox writes `workspace` and `home` only; the rest it reads. */
export interface GroupPaths {
  readonly root: string;
  readonly agents: string;
  readonly soul: string;
  readonly user: string;
  readonly tools: string;
  readonly heartbeat: string;
  readonly memory: string;
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
    config: join(root, "config.json"),
    database: join(root, "nanoclaw.db"),
    secrets: join(root, "secrets.json"),
    groups: join(root, "groups"),
    skills: join(root, "skills"),
    plugins: join(root, "plugins"),
    logs: join(root, "logs"),
    backups: join(root, "backups"),
    run: join(root, "run"),
  };
}

/** Makes the folder (0700) if it is missing, and refuses one that another user could have changed. */
export function prepareHome(root: string): void {
  makeFolder(root);
  const status = statFolder(root);
  const ourUid = process.getuid?.() ?? status.uid;
  if (status.uid !== ourUid) {
    throw new AppError("denied", homeWords.ofAnother({ path: root, uid: status.uid, ourUid }));
  }
  if ((status.mode & 0o022) !== 0) {
    throw new AppError("denied", homeWords.openToOthers({ path: root, mode: toMode(status) }));
  }
  if ((status.mode & 0o077) !== 0) chmodSync(root, 0o700);
}

export function groupPaths(home: Pick<HomePaths, "groups">, name: string): GroupPaths {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name)) {
    throw new AppError("usage", usageWords.groupName({ name }));
  }
  const root = join(home.groups, name);
  return {
    root,
    agents: join(root, "AGENTS.md"),
    soul: join(root, "SOUL.md"),
    user: join(root, "USER.md"),
    tools: join(root, "TOOLS.md"),
    heartbeat: join(root, "HEARTBEAT.md"),
    memory: join(root, "memory"),
    workspace: join(root, "workspace"),
    home: join(root, "home"),
    temporary: join(root, "tmp"),
    snapshots: join(root, "snapshots"),
  };
}

function findRoot(environment: Readonly<Record<string, string | undefined>>): string {
  const chosen = environment["NANOCLAW_HOME"];
  if (chosen !== undefined && chosen !== "") {
    if (isAbsolute(chosen)) return resolve(chosen);
    throw new AppError("usage", homeWords.relative({ path: chosen }));
  }
  const home = environment["HOME"];
  if (home !== undefined && isAbsolute(home)) return join(home, ".nanoclaw");
  throw new AppError("usage", homeWords.unset());
}

function makeFolder(root: string): void {
  try {
    mkdirSync(root, { recursive: true, mode: 0o700 });
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

function statFolder(root: string): Stats {
  try {
    const status = lstatSync(root);
    if (status.isDirectory()) return status;
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw error;
  }
  throw new AppError("denied", homeWords.noFolder({ path: root }));
}

function toMode(status: Stats): string {
  return (status.mode & 0o777).toString(8);
}

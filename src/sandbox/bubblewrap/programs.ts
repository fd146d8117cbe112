import { AppError } from "../../errors.ts";
import { sandboxWords } from "../../words/english/sandbox.ts";

/** Absolute paths of the helpers: nothing is looked up in the user's `PATH`. */
export interface Programs {
  readonly bwrap: string;
  /** Only root needs these. */
  readonly root?: {
    readonly unshare: string;
    readonly nsenter: string;
    readonly sh: string;
  };
}

export const systemSearchPath = "/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin";

const packageManagers = {
  "apt-get": "apt-get install",
  dnf: "dnf install",
  zypper: "zypper install",
  pacman: "pacman -S",
  apk: "apk add",
} as const;

/** Throws `AppError("sandbox-unavailable")` with the line that installs what is missing. */
export function findPrograms(searchPath: string, isRoot: boolean): Programs {
  const bwrap = findProgram("bwrap", "bubblewrap", searchPath);
  if (!isRoot) return { bwrap };
  return {
    bwrap,
    root: {
      unshare: findProgram("unshare", "util-linux", searchPath),
      nsenter: findProgram("nsenter", "util-linux", searchPath),
      sh: findProgram("sh", "dash", searchPath),
    },
  };
}

/** Throws `AppError("sandbox-unavailable")` with the line that installs it. */
export function findProgram(program: string, packageName: string, searchPath: string): string {
  const path = Bun.which(program, { PATH: searchPath });
  if (path !== null) return path;
  const install = toInstallLine(packageName, searchPath);
  throw new AppError("sandbox-unavailable", sandboxWords.missing({ program, packageName, install }));
}

function toInstallLine(packageName: string, searchPath: string): string | undefined {
  for (const [manager, install] of Object.entries(packageManagers)) {
    if (Bun.which(manager, { PATH: searchPath }) !== null) return `${install} ${packageName}`;
  }
  return undefined;
}

import { lstat, readlink } from "node:fs/promises";
import { identity, sharedEtc } from "./synthetic-etc.ts";

/** Said to every sandbox. Each option must be there: without one of them bubblewrap refuses, and so do we. */
export const confinement = [
  "--unshare-all",
  "--unshare-user",
  "--disable-userns",
  ...["--uid", String(identity.id)],
  ...["--gid", String(identity.id)],
  ...["--hostname", identity.host],
  "--die-with-parent",
  "--new-session",
  // The first process ends last and takes all others along, so the end of bubblewrap is the end of the call.
  "--as-pid-1",
  ...["--cap-drop", "ALL"],
  "--clearenv",
] as const;

/** After the folders of the system, before those of the group. */
export const ownFileSystems = [
  ...["--proc", "/proc"],
  ...["--dev", "/dev"],
  // It is a file system in memory, as large as half of that; its devices work all the same.
  ...["--remount-ro", "/dev"],
  ...["--size", String(64 * 1024 * 1024), "--tmpfs", "/dev/shm"],
] as const;

const environment = {
  PATH: "/home/agent/.local/bin:/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin",
  HOME: "/home/agent",
  USER: identity.name,
  LOGNAME: identity.name,
  SHELL: "/bin/sh",
  LANG: "C.UTF-8",
  TERM: "dumb",
  TMPDIR: "/tmp",
} as const;

export const fixedEnvironment = toSetenv(environment);

export function toSetenv(variables: Readonly<Record<string, string>>): string[] {
  return Object.entries(variables).flatMap(([name, value]) => ["--setenv", name, value]);
}

/** Where this host keeps its programs and libraries. */
export const systemFolders = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];

/** The programs and libraries of this host, read-only, and the harmless part of its `/etc`. */
export async function toSystemArguments(): Promise<string[]> {
  const folders = await Promise.all(systemFolders.map(toSystemFolder));
  const shared = await Promise.all(sharedEtc.map(toSystemFolder));
  const timeZone = await readlink("/etc/localtime").catch(() => "");
  return [
    ...folders.flat(),
    ...shared.flat(),
    ...(timeZone.startsWith("/usr/share/zoneinfo/") ? ["--symlink", timeZone, "/etc/localtime"] : []),
  ];
}

async function toSystemFolder(path: string): Promise<string[]> {
  const status = await lstat(path).catch(() => undefined);
  if (status === undefined) return [];
  if (status.isSymbolicLink()) return ["--symlink", await readlink(path), path];
  return ["--ro-bind", path, path];
}

import { join } from "node:path";

import { missingPackages, parseLockfile, type LockedPackage, type Lockfile } from "./check-lockfile.ts";

/**
 * Writes into `package-lock.json` the optional packages for other systems that npm left out because the registry it
 * was pointed at doesn't have them. Without them npm 11 and 12 call the file out of step with `package.json`, and a
 * machine of another kind would miss its binaries.
 */
export async function completeLockfile(root: string): Promise<readonly string[]> {
  const path = join(root, "package-lock.json");
  const lockfile = parseLockfile(await Bun.file(path).text());
  const added = missingPackages(lockfile).flatMap(({ name, version, neededBy }) => {
    const platform = toPlatform(name);
    const parent = lockfile.packages[neededBy];
    return platform === undefined || parent === undefined
      ? []
      : [[`node_modules/${name}`, toEntry(version, platform, parent)] as const];
  });
  if (added.length === 0) return [];
  const packages = Object.fromEntries(
    [...Object.entries(lockfile.packages), ...added].toSorted(([left], [right]) => (left < right ? -1 : 1)),
  );
  const completed: Lockfile = { ...lockfile, packages };
  await Bun.write(path, `${JSON.stringify(completed, undefined, 2)}\n`);
  return added.map(([key]) => key);
}

interface Platform {
  readonly os: string;
  readonly cpu: string;
  readonly libc?: "glibc" | "musl";
}

const systems = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];

/** Reads it off the end of the name: `@oxfmt/binding-linux-arm64-musl`. */
function toPlatform(name: string): Platform | undefined {
  const words = name.split(/[/-]/);
  const at = words.findLastIndex((word) => systems.includes(word));
  const os = words[at];
  const cpu = words[at + 1];
  if (os === undefined || cpu === undefined) return undefined;
  const abi = words.slice(at + 2).join("-");
  if (abi.startsWith("musl")) return { os, cpu, libc: "musl" };
  return abi.startsWith("gnu") ? { os, cpu, libc: "glibc" } : { os, cpu };
}

/** npm writes the fields in this order. */
function toEntry(version: string, platform: Platform, parent: LockedPackage): LockedPackage {
  return {
    version,
    cpu: [platform.cpu],
    ...(parent["dev"] === true ? { dev: true } : {}),
    ...(platform.libc === undefined ? {} : { libc: [platform.libc] }),
    ...(typeof parent["license"] === "string" ? { license: parent["license"] } : {}),
    optional: true,
    os: [platform.os],
  };
}

if (import.meta.main) {
  const added = await completeLockfile(join(import.meta.dir, ".."));
  for (const key of added) console.log(`added ${key}`);
}

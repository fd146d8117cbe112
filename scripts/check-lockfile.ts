import { join } from "node:path";

/**
 * `package-lock.json` installs the same everywhere: it is in step with `package.json`, complete for every system,
 * names no registry, and `package.json` pins exactly.
 */
export async function checkLockfile(root: string): Promise<readonly string[]> {
  const lockfile = parseLockfile(await Bun.file(join(root, "package-lock.json")).text());
  const manifest = toRecord(await Bun.file(join(root, "package.json")).json());
  return [...checkPins(manifest), ...checkStep(manifest, lockfile), ...checkPackages(lockfile)];
}

export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
  readonly [field: string]: unknown;
}

export type LockedPackage = Readonly<Record<string, unknown>>;

export interface MissingPackage {
  readonly name: string;
  readonly version: string;
  /** The key of the package whose optional dependency it is. */
  readonly neededBy: string;
}

export function parseLockfile(text: string): Lockfile {
  const value = toRecord(JSON.parse(text));
  const packages = Object.entries(toRecord(value["packages"]));
  return { ...value, packages: Object.fromEntries(packages.map(([key, entry]) => [key, toRecord(entry)])) };
}

/** The packages that some package names as optional and that have no entry: npm could not see them. */
export function missingPackages(lockfile: Lockfile): readonly MissingPackage[] {
  return Object.entries(lockfile.packages).flatMap(([neededBy, entry]) =>
    Object.entries(toRecord(entry["optionalDependencies"])).flatMap(([name, version]) =>
      isLocked(lockfile, neededBy, name) || typeof version !== "string" ? [] : [{ name, version, neededBy }],
    ),
  );
}

const kinds = ["dependencies", "devDependencies", "optionalDependencies"] as const;

function checkPins(manifest: LockedPackage): readonly string[] {
  return kinds
    .flatMap((kind) => Object.entries(toRecord(manifest[kind])))
    .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(String(version)))
    .map(([name, version]) => `package.json: ${name} is ${String(version)}: pin one exact version`);
}

function checkStep(manifest: LockedPackage, lockfile: Lockfile): readonly string[] {
  const root = lockfile.packages[""] ?? {};
  return kinds
    .filter((kind) => !Bun.deepEquals(toRecord(manifest[kind]), toRecord(root[kind])))
    .map((kind) => `package-lock.json: ${kind} differ from package.json: run npm install`);
}

function checkPackages(lockfile: Lockfile): readonly string[] {
  const located = Object.keys(lockfile.packages)
    .filter((key) => lockfile.packages[key]?.["resolved"] !== undefined)
    .map((key) => `package-lock.json: ${key} names where it was downloaded ("resolved"): remove the field`);
  const missing = missingPackages(lockfile).map(
    ({ name, neededBy }) =>
      `package-lock.json: ${name}, needed by ${neededBy}, has no entry: run npm run fix (npm 11 refuses the file)`,
  );
  return [...located, ...missing];
}

/** Looks where Node would: beside the package that needs it, then further up. */
function isLocked(lockfile: Lockfile, neededBy: string, name: string): boolean {
  const folders = neededBy === "" ? [] : neededBy.split("/node_modules/");
  const places = folders.map(
    (_, depth) => `${folders.slice(0, depth + 1).join("/node_modules/")}/node_modules/${name}`,
  );
  return [`node_modules/${name}`, ...places].some((place) => place in lockfile.packages);
}

export function toRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

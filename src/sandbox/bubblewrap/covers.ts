import { constants, fstatSync } from "node:fs";
import { AppError } from "../../errors.ts";
import { secretFiles, secretFolders, steeringFiles, steeringFolders } from "../protected-names.ts";
import { Descriptor, type Inherited } from "./descriptor.ts";
import type { CheckedFolder } from "./folders.ts";

/** What is laid over parts of a shared folder before anything runs there. Paths are relative to it. */
export interface Covers {
  /** Secrets: an empty file or folder takes their place. */
  readonly hiddenFiles: readonly string[];
  readonly hiddenFolders: readonly string[];
  /** Steering files, in a folder that can otherwise be written: bound on themselves, read-only. */
  readonly kept: readonly string[];
}

const mostCovers = 256;

/** More output of a search than this many bytes is more covers than we take. */
export const searchOutputBytes = mostCovers * 4096;
export const searchMs = 5000;

/** Whole paths. What leads to no file is passed over. */
const printTargets = 'for link; do [ ! -f "$link" ] || readlink -zf -- "$link"; done';

/**
 * The search for what must be covered, as an argument list that runs inside a sandbox, where the kernel follows the same paths
 * with the same rights as the commands will. A folder that can be entered but not listed is hidden as a whole. `names` are patterns
 * of the owner's own, hidden as secrets are.
 */
export function toSearchCommand(folders: readonly string[], names: readonly string[] = []): string[] {
  // As bytes only the letters of English have capitals.
  const own = names.flatMap((name) => [...new Set([name, name.toLowerCase(), name.toUpperCase()])]);
  const hidden = [...secretFiles, ...own];
  const print = (kind: string) => ["-printf", `${kind}%H\\n%P\\0`];
  // Without the parentheses `find` asks for names before it asks for kinds, and names are what a search spends its time on.
  return [
    ...["env", "LC_ALL=C", "find"],
    ...folders,
    // What is gone needs no cover.
    ...["-ignore_readdir_race", "-mindepth", "1", "(", "-type", "d", "("],
    ...["!", "-executable", "-prune"],
    ...["-o", "!", "-readable", ...print("d"), "-prune"],
    ...["-o", ...named([...secretFolders, ...own]), ...print("d"), "-prune"],
    // A repository's objects are many, and none is named for what it holds.
    ...["-o", "-path", "*/.git/objects", "-prune"],
    ...["-o", ...named(steeringFolders), ...print("k")],
    ...[")", "-o", ...named(toLeads([...hidden, ...steeringFiles, "config"])), "("],
    ...["-type", "f", ...named(hidden), ...print("f")],
    // A secret by the name of a link is one by the name of what it points to.
    ...["-o", "-type", "l", ...named(hidden), "-exec", "sh", "-c", printTargets, "sh", "{}", "+"],
    // Where people leave tokens in the address of a remote.
    ...["-o", "-type", "f", "-path", "*/.git/*", "-name", "config", ...print("f")],
    ...["-o", "-type", "f", ...named(steeringFiles), ...print("k")],
    ...[")", ")"],
  ];
}

/** The answer of the search, by folder. Throws `AppError("denied")` when something could not be covered for certain. */
export function parseSearch(output: Uint8Array, folders: readonly string[]): Covers[] {
  const lines = decode(output)
    .split("\0")
    .filter((line) => line !== "");
  if (lines.length > mostCovers) {
    throw new AppError("denied", `A shared folder holds more than ${mostCovers} files that must be hidden.`, {
      hint: "Share a smaller folder.",
    });
  }
  return folders.map((folder) => {
    const paths = new Map<string, Set<string>>();
    for (const line of lines) {
      const found = parseLine(line, folder);
      if (found === undefined) continue;
      const ofKind = paths.get(found.kind) ?? new Set();
      paths.set(found.kind, ofKind.add(found.path));
    }
    const hiddenFolders = [...(paths.get("d") ?? [])];
    const hiddenFiles = [...(paths.get("f") ?? [])].filter((path) => !isBelowAny(path, hiddenFolders));
    return { hiddenFiles, hiddenFolders, kept: [...(paths.get("k") ?? [])] };
  });
}

/** Either the kind, the folder and the path below it, or the whole path of a file that a link led to. */
function parseLine(line: string, folder: string) {
  if (line.startsWith("/")) {
    return line.startsWith(`${folder}/`) ? { kind: "f", path: line.slice(folder.length + 1) } : undefined;
  }
  const split = line.indexOf("\n");
  return line.slice(1, split) === folder
    ? { kind: line.slice(0, 1), path: line.slice(split + 1) }
    : undefined;
}

export interface CoveredFolder {
  /** Inside. */
  readonly target: string;
  readonly canWrite: boolean;
  readonly folder: CheckedFolder;
  /** Where it lies on a stage; without one it is bound by its descriptor. */
  readonly staged: string | undefined;
}

/**
 * The covers as options of bubblewrap, from the outside in. In a writable folder every folder on the way to a cover is bound on itself:
 * no command can rename or replace a mount point, so a cover cannot be moved away from under a later call.
 */
export function toCoverArguments(shared: CoveredFolder, covers: Covers, inherited: Inherited): string[] {
  const { target, canWrite } = shared;
  const { pinned, kept } = toOwnBinds(covers, canWrite);
  return [
    ...pinned.flatMap((path) => bindOnItself(shared, path, "--bind", inherited)),
    ...kept.flatMap((path) => bindOnItself(shared, path, "--ro-bind", inherited)),
    ...covers.hiddenFolders.flatMap((path) => [
      ...["--perms", "0555", "--size", "4096", "--tmpfs", `${target}/${path}`],
      ...["--remount-ro", `${target}/${path}`],
    ]),
    ...covers.hiddenFiles.flatMap((path) => [
      ...[
        "--perms",
        "0444",
        "--ro-bind-data",
        inherited.give(Descriptor.open("/dev/null", constants.O_RDONLY)),
      ],
      `${target}/${path}`,
    ]),
  ];
}

/**
 * Throws `AppError("sandbox-failed")` unless each cover lies on its own place and shows what was there. Bubblewrap follows paths, and a
 * command that still runs can swap a link in: then some folder of the host would stand here, or the cover somewhere else.
 */
export function requireCovered(
  { target, canWrite }: Pick<CoveredFolder, "target" | "canWrite">,
  covers: Covers,
  mounts: readonly Mount[],
): void {
  const { pinned, kept } = toOwnBinds(covers, canWrite);
  const isThere = (path: string): boolean => mounts.some((mount) => mount.place === `${target}/${path}`);
  const moved =
    [...covers.hiddenFolders, ...covers.hiddenFiles].find((path) => !isThere(path)) ??
    [...pinned, ...kept].find((path) => !isOnItself(`${target}/${path}`, mounts));
  if (moved === undefined) return;
  throw new AppError("sandbox-failed", `${moved} in a shared folder changed while the sandbox was made.`);
}

/** One line of `/proc/PID/mountinfo`. */
export interface Mount {
  readonly device: string;
  /** What it shows, as a path of its file system. */
  readonly root: string;
  /** Where it lies. */
  readonly place: string;
}

export function parseMounts(mountInfo: string): Mount[] {
  return mountInfo.split("\n").flatMap((line) => {
    const [, , device, root, place] = line.split(" ").map(unescape);
    return device === undefined || root === undefined || place === undefined ? [] : [{ device, root, place }];
  });
}

function unescape(field: string): string {
  return field.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

/** The same part of the same file system as the mount around it shows there, or as a mount that lay there before. */
function isOnItself(place: string, mounts: readonly Mount[]): boolean {
  const index = mounts.findLastIndex((mount) => mount.place === place);
  const mount = mounts[index];
  if (mount === undefined) return false;
  const earlier = mounts.slice(0, index);
  const around = earlier
    .filter((each) => place.startsWith(`${each.place}/`))
    .reduce<Mount | undefined>(
      (best, each) => (each.place.length >= (best?.place.length ?? 0) ? each : best),
      undefined,
    );
  const wanted = earlier.filter((each) => each.place === place);
  if (around !== undefined) {
    const root = `${around.root === "/" ? "" : around.root}${place.slice(around.place.length)}`;
    wanted.push({ ...around, root });
  }
  return wanted.some(({ device, root }) => device === mount.device && root === mount.root);
}

/** In a writable folder: what is bound on itself as it is, and what read-only. */
function toOwnBinds(covers: Covers, canWrite: boolean) {
  if (!canWrite) return { pinned: [], kept: [] };
  const kept = covers.kept.filter((path) => !isBelowAny(path, covers.kept));
  const hidden = [...covers.hiddenFolders, ...covers.hiddenFiles];
  const pinned = toAncestors([...hidden, ...kept]).filter(
    (path) => !kept.includes(path) && !isBelowAny(path, kept),
  );
  return { pinned, kept };
}

function bindOnItself(
  shared: CoveredFolder,
  path: string,
  option: "--bind" | "--ro-bind",
  inherited: Inherited,
): string[] {
  const target = `${shared.target}/${path}`;
  if (shared.staged !== undefined) return [option, `${shared.staged}/${path}`, target];
  return [`${option}-fd`, inherited.give(openBelow(shared.folder, path)), target];
}

/** Opens name after name below the folder's own descriptor, following no link: what a running command swaps in is refused. */
function openBelow(folder: CheckedFolder, path: string): Descriptor {
  const names = path.split("/");
  let current = folder.descriptor;
  for (const [index, name] of names.entries()) {
    const flags = openPath | constants.O_NOFOLLOW | (index < names.length - 1 ? constants.O_DIRECTORY : 0);
    const next = Descriptor.open(`/proc/self/fd/${current.number}/${name}`, flags);
    if (current !== folder.descriptor) current.close();
    current = next;
  }
  const status = fstatSync(current.number);
  if (status.isFile() || status.isDirectory()) return current;
  current.close();
  throw new AppError("sandbox-failed", `${path} in a shared folder changed while the sandbox was made.`);
}

/** `O_PATH`: names the file without opening it, so nothing in it can block or act. */
const openPath = 0o10000000;

function toAncestors(paths: readonly string[]): string[] {
  const ancestors = new Set<string>();
  for (const path of paths) {
    for (let end = path.indexOf("/"); end !== -1; end = path.indexOf("/", end + 1))
      ancestors.add(path.slice(0, end));
  }
  return [...ancestors].sort((left, right) => left.length - right.length);
}

function isBelowAny(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path.startsWith(`${folder}/`));
}

function named(patterns: readonly string[]): string[] {
  return [
    "(",
    ...patterns.flatMap((pattern, index) => [...(index === 0 ? [] : ["-o"]), "-iname", pattern]),
    ")",
  ];
}

/**
 * A few patterns that match at least what `patterns` do: by the first characters of a name, or of its ending. They alone decide of nearly
 * every file that it is none of those.
 */
export function toLeads(patterns: readonly string[]): string[] {
  const literals = patterns.map((pattern) => ({
    isEnding: pattern.startsWith("*."),
    text: /^[a-z0-9._]*/i.exec(pattern.replace(/^\*\./, ""))?.[0] ?? "",
  }));
  if (literals.some(({ text }) => text === "")) return ["*"];
  const dotted = literals.some(({ isEnding, text }) => !isEnding && text.startsWith("."));
  const plain = literals.filter(({ isEnding, text }) => !isEnding && !text.startsWith("."));
  const endings = literals.filter(({ isEnding }) => isEnding);
  return [
    ...(dotted ? [".*"] : []),
    ...(plain.length > 0 ? [`${toClasses(plain)}*`] : []),
    ...(endings.length > 0 ? [`*.${toClasses(endings)}*`] : []),
  ];
}

/** One class of characters for each of their first places, as far as all of them go. */
function toClasses(literals: readonly { readonly text: string }[]): string {
  const length = Math.min(3, ...literals.map(({ text }) => text.length));
  return Array.from(
    { length },
    (_, at) => `[${[...new Set(literals.map(({ text }) => text.charAt(at).toLowerCase()))].join("")}]`,
  ).join("");
}

function decode(output: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(output);
  } catch (cause) {
    throw new AppError(
      "denied",
      "A file in a shared folder must be hidden, but its name is not valid UTF-8.",
      {
        hint: "Rename it, or share another folder.",
        cause,
      },
    );
  }
}

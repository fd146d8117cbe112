import { dirname } from "node:path";
import { clean, type Taint } from "../authority/taint.ts";
import { AppError } from "../errors.ts";
import type { Authority } from "../authority/decision.ts";
import type { SandboxMount, SandboxPaths, ToolSandbox } from "../sandbox/sandbox.ts";
import type { Saying } from "../words/define-words.ts";
import { promptWords } from "../words/english/prompt.ts";
import { runInside } from "../tools/inside.ts";
import { listShared, existsShared } from "./shared-names.ts";
import type { SessionPlace } from "./session-place.ts";
import {
  findImageType,
  type ImagePart,
  isPicturePath,
  largestImage,
  tooLargeImage,
  toImagePart,
} from "../image.ts";
import { readImage } from "../read-image.ts";
import { usageWords } from "../words/english/usage.ts";
import { isBelow, toHostPath, toPlaces, type FilePlace } from "./file-places.ts";

/** The files a person can point at: in the folders they share, and in the group's workspace. */
export interface PersonFiles {
  /** Names that complete a path, folders with a slash at the end; for a person's eyes only. */
  complete(path: string, signal: AbortSignal): Promise<readonly string[]>;
  /** Never throws for what a file is or is not. */
  read(path: string, signal: AbortSignal): Promise<FileAnswer>;
}

export type FileAnswer =
  /** `taint`: of what the sandbox could reach that it came out of. */
  | { readonly type: "text"; readonly text: string; readonly taint: Taint }
  | { readonly type: "image"; readonly image: ImagePart; readonly taint: Taint }
  | { readonly type: "absent" }
  /** It is there and cannot go along. */
  | { readonly type: "problem"; readonly error: AppError };

export interface PersonFilesOptions extends Pick<SessionPlace, "actor" | "group"> {
  readonly authority: Pick<Authority, "decide">;
  readonly mounts: readonly SandboxMount[];
  readonly paths: SandboxPaths;
  /** The group's own folder on the host. */
  readonly folder: string;
  /** Where the person stands. */
  readonly currentFolder: string;
  readonly homeFolder: string;
  readonly enter: () => Promise<EnteredSandbox>;
}

export interface EnteredSandbox {
  readonly sandbox: ToolSandbox;
  readonly taint: Taint;
}

const longestFile = 200_000;
const mostNames = 2000;

/** The first of the paths that is there, behind the most that it may hold: what it is, and its content. */
const readScript = `
most=$1; shift
for path do
  [ -e "$path" ] || continue
  [ -d "$path" ] && { echo folder; exit 0; }
  [ -f "$path" ] || { echo special; exit 0; }
  [ -r "$path" ] || { echo unreadable; exit 0; }
  size=$(wc -c < "$path") || exit 1
  [ "$size" -le "$most" ] || { echo "large $((size))"; exit 0; }
  echo file
  exec head -c "$most" < "$path"
done
echo absent
`;

const listScript = `[ -d "$1" ] && cd -- "$1" && ls -1Ap | head -n ${mostNames}
exit 0`;

/**
 * Names in a shared folder are listed on the host: that is the owner looking at his own folder. Contents come out of
 * the sandbox only, where the kernel resolves links, so that none of them leads out of what is shared.
 */
export function createPersonFiles(options: PersonFilesOptions): PersonFiles {
  const { authority, actor, group, enter } = options;
  const sandbox = async (): Promise<ToolSandbox> => (await enter()).sandbox;

  async function allow(path: string): Promise<void> {
    const object = { group: group.name, name: path.slice(0, 200) };
    const decision = await authority.decide(actor, "files.read", object, clean);
    if (decision.verdict !== "allow") throw new AppError("denied", decision.reason);
  }

  async function readInside(
    path: string,
    places: readonly FilePlace[],
    signal: AbortSignal,
  ): Promise<FileAnswer> {
    const most = isPicturePath(path) ? largestImage : longestFile;
    const parameters = [String(most), ...places.map(({ inside }) => inside)];
    try {
      const entered = await enter();
      const context = { sandbox: async () => entered.sandbox, signal };
      const output = await runInside(readScript, parameters, { limit: most + 100 }, context);
      return toAnswer(path, output, entered.taint);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AppError)) throw error;
      return places.some(({ type }) => type === "shared") ? { type: "problem", error } : absent;
    }
  }

  return {
    async complete(path, signal) {
      await allow(path);
      const slash = path.lastIndexOf("/") + 1;
      const [folder, start] = [path.slice(0, slash), path.slice(slash)];
      const places = toPlaces(folder === "" ? "." : folder, options);
      const lists = await Promise.all(places.map((place) => listNames(place, sandbox, signal)));
      const roots = folder === "" ? options.mounts.map(({ name }) => `${name}/`) : [];
      const fitting = [...lists.flat(), ...roots].filter((name) => isFitting(name, start));
      return [...new Set(fitting)].toSorted().map((name) => folder + name);
    },
    async read(path, signal) {
      const places = toPlaces(path, options);
      const isShared = (await Promise.all(places.map(existsShared))).includes(true);
      // A word behind an @ is a name more often than a file: only what looks like a path is looked for inside.
      if (!isShared && !/[./]/.test(path)) return { type: "absent" };
      await allow(path);
      const found = places.length === 0 ? absent : await readInside(path, places, signal);
      return found.type === "absent" && isPicturePath(path) ? await readOwnPicture(path, options) : found;
    },
  };
}

const absent = { type: "absent" } as const;

/**
 * A picture of the owner's that is shared with nobody, which he names as he would behind `-f`: it alone goes along. Nothing
 * below a folder that a sandbox writes is ever opened here.
 */
async function readOwnPicture(path: string, ground: PersonFilesOptions): Promise<FileAnswer> {
  const { realpath } = await import("node:fs/promises");
  const file = await realpath(toHostPath(path, ground)).catch(() => undefined);
  const closed = [dirname(dirname(ground.folder)), ...ground.mounts.map(({ source }) => source)];
  if (file === undefined || closed.some((root) => isBelow(file, root))) return absent;
  try {
    return { type: "image", image: await readImage(file), taint: clean };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { type: "problem", error };
  }
}

/** A folder that cannot be listed completes nothing. */
async function listNames(
  place: FilePlace,
  sandbox: () => Promise<ToolSandbox>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (place.type === "shared") return await listShared(place, mostNames);
  try {
    const output = await runInside(listScript, [place.inside], {}, { sandbox, signal });
    return new TextDecoder().decode(output).split("\n");
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AppError)) throw error;
    return [];
  }
}

/** Hidden names are for those who begin with the dot; a name that a terminal could obey is for nobody. */
function isFitting(name: string, start: string): boolean {
  if (name === "" || name === "/" || /[\p{Cc}\p{Cf}"]/u.test(name)) return false;
  return name.startsWith(start) && (start.startsWith(".") || !name.startsWith("."));
}

function toAnswer(path: string, output: Uint8Array, taint: Taint): FileAnswer {
  const end = output.indexOf(0x0a);
  const word = new TextDecoder().decode(output.subarray(0, end === -1 ? output.length : end)).trim();
  const body = end === -1 ? new Uint8Array(0) : output.subarray(end + 1);
  switch (word.split(" ")[0]) {
    case "absent":
      return { type: "absent" };
    case "large":
      if (isPicturePath(path)) return { type: "problem", error: tooLargeImage(path) };
      return toProblem(promptWords.fileTooLarge({ path, kilobytes: longestFile / 1000 }));
    case "folder":
      return toProblem(promptWords.fileIsFolder({ path }));
    case "special":
      return toProblem(promptWords.fileIsSpecial({ path }));
    case "unreadable":
      return toProblem(promptWords.fileUnreadable({ path }));
    default:
      return toContent(path, body, taint);
  }
}

/** What it is its first bytes say, whatever it is called. */
function toContent(path: string, body: Uint8Array, taint: Taint): FileAnswer {
  if (findImageType(body) !== undefined) {
    const image = toImagePart(body, path);
    if (image !== undefined) return { type: "image", image, taint };
  }
  if (isPicturePath(path)) return toProblem(usageWords.notAPicture({ path }));
  if (body.includes(0)) return toProblem(promptWords.fileNotText({ path }));
  return { type: "text", text: new TextDecoder().decode(body), taint };
}

function toProblem(saying: Saying): FileAnswer {
  return { type: "problem", error: new AppError("usage", saying) };
}

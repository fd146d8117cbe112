import { realpath } from "node:fs/promises";
import { sep } from "node:path";
import { checkSharedFolder, type SharedFolderRules } from "../sandbox/shared-folder.ts";
import { mainGroup } from "../store/groups.ts";
import type { Saying } from "../words/define-words.ts";
import { mountWords } from "../words/english/mount.ts";
import type { AllowedRoot, Allowlist, AllowlistFile } from "./allowlist.ts";

export interface MountRequest {
  readonly group: string;
  readonly path: string;
  readonly canWrite: boolean;
}

/** Of this machine: where nothing is ever mounted from, and the owner's list. */
export interface MountRules extends Omit<SharedFolderRules, "canWrite"> {
  readonly file: AllowlistFile;
}

export type MountDecision =
  | {
      readonly isAllowed: true;
      /** Without links. */
      readonly source: string;
      readonly canWrite: boolean;
      /** The allowed root that decided. */
      readonly root: AllowedRoot;
      /** Why writing, which was wished for, is not allowed. */
      readonly limit?: Saying;
    }
  | {
      readonly isAllowed: false;
      readonly refusal: Saying;
      /** The entry that alone is missing. */
      readonly root?: AllowedRoot;
    };

/** Whether a folder may be mounted for a group, now, and how. What stands nowhere is refused. */
export async function decideMount(request: MountRequest, rules: MountRules): Promise<MountDecision> {
  const { path, canWrite } = request;
  const file = rules.file.path;
  const state = await rules.file.load();
  if (state.type === "invalid") return refuse(mountWords.badList({ file, reason: state.reason }));
  const reading = await checkSharedFolder(path, { ...rules, canWrite: false });
  if (!reading.isAllowed) return refuse({ message: reading.reason });
  const { source } = reading;
  const missing = { path: source, allowReadWrite: canWrite };
  if (state.type === "missing") return refuse(mountWords.noList({ file, path: source, canWrite }), missing);
  const pattern = findBlocked(source, state.list);
  if (pattern !== undefined) return refuse(mountWords.blocked({ file, path: source, pattern }));
  const root = await findRoot(source, state.list, rules);
  if (root === undefined) return refuse(mountWords.notAllowed({ file, path: source, canWrite }), missing);
  if (!canWrite) return { isAllowed: true, source, canWrite: false, root };
  const limit = await findLimit({ ...request, path: source }, root, state.list, rules);
  return {
    isAllowed: true,
    source,
    canWrite: limit === undefined,
    root,
    ...(limit === undefined ? {} : { limit }),
  };
}

/** By whole names, in capitals as well. */
export function findBlocked(source: string, { blockedPatterns }: Allowlist): string | undefined {
  const names = source.toLowerCase().split(sep);
  return blockedPatterns.find((pattern) => {
    const glob = new Bun.Glob(pattern.toLowerCase());
    return names.some((name) => glob.match(name));
  });
}

/** The innermost root that holds the folder: by it the owner said most exactly what he means. */
async function findRoot(
  source: string,
  { allowedRoots }: Allowlist,
  { home }: MountRules,
): Promise<AllowedRoot | undefined> {
  const realHome = await realpath(home).catch(() => home);
  let best: { readonly root: AllowedRoot; readonly real: string } | undefined;
  for (const root of allowedRoots) {
    const real = await realpath(root.path).catch(() => undefined);
    // A link may have led where the file itself may not point.
    if (real === undefined || isWithin(realHome, real)) continue;
    if (!isWithin(source, real)) continue;
    if (best === undefined || real.length > best.real.length) best = { root, real };
  }
  return best?.root;
}

async function findLimit(
  { group, path }: MountRequest,
  root: AllowedRoot,
  { nonMainReadOnly }: Allowlist,
  rules: MountRules,
): Promise<Saying | undefined> {
  const file = rules.file.path;
  if (!root.allowReadWrite) return mountWords.onlyRead({ file, path, root: root.path });
  if (nonMainReadOnly && group !== mainGroup) return mountWords.onlyMainWrites({ file, path, group });
  const writing = await checkSharedFolder(path, { ...rules, canWrite: true });
  return writing.isAllowed ? undefined : { message: writing.reason };
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || folder === sep || path.startsWith(folder + sep);
}

function refuse(refusal: Saying, root?: AllowedRoot): MountDecision {
  return { isAllowed: false, refusal, ...(root === undefined ? {} : { root }) };
}

import { defineWords } from "../define-words.ts";

const rootLine = (path: string, canWrite: boolean): string =>
  JSON.stringify({ path, allowReadWrite: canWrite });

/** Folders that a group has for good, and the owner's list of what may be mounted at all. */
export const mountWords = defineWords("mount", {
  noList: ({ file, path, canWrite }: { file: string; path: string; canWrite: boolean }) => ({
    message: `No folder can be mounted: ${file} does not exist.`,
    hint: `Make it, outside of every folder that you share. This allows the one that you named:\n  {"allowedRoots": [${rootLine(path, canWrite)}]}`,
  }),
  badList: ({ file, reason }: { file: string; reason: string }) => ({
    message: `No folder is shared or mounted: ${file} is not valid. ${reason}`,
    hint: "Repair it. Until then nothing in it counts.",
  }),
  notAllowed: ({ file, path, canWrite }: { file: string; path: string; canWrite: boolean }) => ({
    message: `${path} lies in no folder that ${file} allows.`,
    hint: `Add this to "allowedRoots" there:\n  ${rootLine(path, canWrite)}`,
  }),
  blocked: ({ file, path, pattern }: { file: string; path: string; pattern: string }) => ({
    message: `${path} has a name in it that ${file} blocks: "${pattern}".`,
    hint: 'Share another folder, or take the pattern out of "blockedPatterns" there.',
  }),
  onlyRead: ({ file, path, root }: { file: string; path: string; root: string }) => ({
    message: `${path} may only be read: ${file} allows no writing in ${root}.`,
    hint: `Mount it without :rw, or write there:\n  ${rootLine(root, true)}`,
  }),
  onlyMainWrites: ({ file, path, group }: { file: string; path: string; group: string }) => ({
    message: `${path} may only be read by the group ${group}: ${file} lets no group but main write ("nonMainReadOnly").`,
    hint: "Mount it without :rw, or set nonMainReadOnly to false there.",
  }),
  badName: ({ name }: { name: string }) => ({
    message: `"${name}" is not a name for a mount.`,
    hint: "Use up to 63 letters, digits, dots, dashes and underscores, a letter or digit first. Say it with --name.",
  }),
  taken: ({ name, group }: { name: string; group: string }) => ({
    message: `The group ${group} has a mount "${name}" already.`,
    hint: `Say another name with --name, or remove that one:\n  nanoclaw groups mount remove ${group} ${name}`,
  }),
  unknown: ({ name, group, known }: { name: string; group: string; known: readonly string[] }) => ({
    message: `The group ${group} has no mount "${name}".`,
    hint:
      known.length === 0
        ? `It has none at all. Add one:\n  nanoclaw groups mount add ${group} PATH`
        : `It has: ${known.join(", ")}.`,
  }),
  lent: ({ path, group, pid }: { path: string; group: string; pid: number }) => ({
    message: `${path} is lent to the group ${group} for writing (process ${pid}).`,
    hint: "One group at a time writes to a folder. End that conversation first, or share it for reading.",
  }),
});

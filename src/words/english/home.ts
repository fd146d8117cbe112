import { defineWords } from "../define-words.ts";
import { quote } from "../quote.ts";

/** `NANOCLAW_HOME` and the private files in it. */
export const homeWords = defineWords("home", {
  unset: () => ({
    message: "There is no home folder: HOME is not set.",
    hint: "Set NANOCLAW_HOME to a folder of your own.",
  }),
  relative: ({ path }: { path: string }) => ({
    message: `NANOCLAW_HOME is "${path}", which depends on the current folder.`,
    hint: "Give the whole path, beginning with /.",
  }),
  ofAnother: ({ path, uid, ourUid }: { path: string; uid: number; ourUid: number }) => ({
    message: `${path} belongs to another user (uid ${uid}, we are ${ourUid}).`,
    hint: `Run as its owner, set NANOCLAW_HOME to a folder of your own, or, as root:\n  chown -R ${ourUid} ${quote(path)}`,
  }),
  openToOthers: ({ path, mode }: { path: string; mode: string }) => ({
    message: `${path} can be written by other users (mode ${mode}).`,
    hint: `Look through it, then:\n  chmod 700 ${quote(path)}`,
  }),
  noFolder: ({ path }: { path: string }) => ({
    message: `${path} is no folder of its own.`,
    hint: "Set NANOCLAW_HOME to the folder itself, not to a link or a file.",
  }),
  cannotMake: ({ path, isReadOnly }: { path: string; isReadOnly: boolean }) => ({
    message: `${path} cannot be made: ${isReadOnly ? "that disk can only be read" : "permission was refused"}.`,
    hint: "Set NANOCLAW_HOME to a folder that can be written.",
  }),
  fileNotFile: ({ path }: { path: string }) => ({
    message: `${path} is no file.`,
    hint: "Move what stands there away.",
  }),
  fileTooLarge: ({ path }: { path: string }) => ({
    message: `${path} is larger than 1 MB.`,
    hint: "It is meant to hold a few lines: look at what filled it.",
  }),
  fileOpenToOthers: ({ path, mode, canWrite }: { path: string; mode: string; canWrite: boolean }) => ({
    message: `${path} can be ${canWrite ? "written" : "read"} by other users (mode ${mode}).`,
    hint: `Run:\n  chmod 600 ${quote(path)}`,
  }),
  fileUnreadable: ({ path }: { path: string }) => ({
    message: `${path} cannot be read: permission was refused.`,
    hint: `See who owns it:\n  ls -l ${quote(path)}`,
  }),
  fileBelowNoFolder: ({ path }: { path: string }) => ({
    message: `${path} cannot be read: its folder is not one.`,
    hint: "Set NANOCLAW_HOME to a folder.",
  }),
  fileNotText: ({ path, isWide }: { path: string; isWide: boolean }) => ({
    message: isWide ? `${path} is UTF-16 text.` : `${path} is not UTF-8 text.`,
    hint: "Save it as UTF-8.",
  }),
  secretSealed: ({ name, fault, key }: { name: string; fault: "no-key" | "changed"; key: string }) => ({
    message:
      fault === "no-key"
        ? `The secret ${name} cannot be opened: ${key} is gone.`
        : `The secret ${name} cannot be opened: it was changed, or sealed with another key than ${key}.`,
    hint:
      fault === "no-key"
        ? "Put that file back; or remove what it sealed (nanoclaw secrets list), and set it anew."
        : `Put the right one back, or set the secret anew:\n  nanoclaw secrets set ${name}`,
  }),
  sealKeyBroken: ({ key }: { key: string }) => ({
    message: `${key} holds no key.`,
    hint: "Put it back from a backup; or remove it, and set every secret anew: nanoclaw secrets list",
  }),
  secretName: ({ name }: { name: string }) => ({
    message: `"${name}" cannot be the name of a secret.`,
    hint: "Use letters, digits and underscores, such as OPENROUTER_API_KEY.",
  }),
  secretsBroken: ({
    path,
    fault,
    name,
  }: {
    path: string;
    fault: "no-json" | "no-object" | "no-text";
    name?: string;
  }) => ({
    message: {
      "no-json": `${path} is not JSON.`,
      "no-object": `${path} holds no object.`,
      "no-text": `${path}: ${name ?? "something"} is not text.`,
    }[fault],
    hint: 'It holds one object of names and texts: { "OPENROUTER_API_KEY": "…" }',
  }),
});

import { defineWords } from "../define-words.ts";
import { quote } from "../quote.ts";

/** What any part may meet, and what nobody foresaw. */
export const systemWords = defineWords("system", {
  diskFull: ({ path }: { path: string | undefined }) => ({
    message: `The disk is full${at(path)}. Nothing that was already saved is lost.`,
    hint: "Free some space and try again. This shows what is left:\n  df -h",
  }),
  quotaFull: ({ path }: { path: string | undefined }) => ({
    message: `Your share of the disk is used up${at(path)}. Nothing that was already saved is lost.`,
    hint: "Remove something of yours, or ask whoever runs this machine for more. This shows your share:\n  quota -s",
  }),
  permission: ({ path }: { path: string | undefined }) => ({
    message: `Permission was refused${at(path)}.`,
    hint: `Check who owns it and its mode:\n  ls -ld ${quote(path ?? "PATH")}`,
  }),
  readOnly: ({ path }: { path: string | undefined }) => ({
    message: `It can only be read, not written${at(path)}.`,
    hint: "Set NANOCLAW_HOME to a folder that can be written.",
  }),
  tooManyFiles: () => ({
    message: "Too many files are open.",
    hint: "Raise the limit, or close some programs, then try again:\n  ulimit -n 4096",
  }),
  outOfMemory: () => ({
    message: "This machine has no memory left.",
    hint: "Close some programs and try again. This shows what is left:\n  free -h",
  }),
  inputClosed: () => ({
    message: "The terminal is gone: nothing can be read from it.",
    hint: "Start it again in a terminal, or give the message with -m.",
  }),
  folderGone: () => ({
    message: "The folder you stand in does not exist any more.",
    hint: "Go to another one:\n  cd ~",
  }),
  bug: ({ logId }: { logId: string | undefined }) => ({
    message: "Something went wrong that should not have: this is a bug in NanoClaw.",
    hint:
      logId === undefined
        ? "Run it again with --logs to see the details."
        : `The details stand in the log under ${logId}.`,
  }),
});

function at(path: string | undefined): string {
  return path === undefined ? "" : ` (${path})`;
}

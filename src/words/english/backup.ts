import { defineWords } from "../define-words.ts";

/** Why no backup was made or restored. Nothing was changed then. */
export const backupWords = defineWords("backup", {
  exists: ({ path }: { path: string }) => ({
    message: `There is something at ${path} already.`,
    hint: "Give the backup another name: nanoclaw backup FILE",
  }),
  insideGroup: ({ path }: { path: string }) => ({
    message: `A backup can't be written into the folder of a group (${path}): the assistant could read your keys in it.`,
    hint: "Choose another place: nanoclaw backup FILE",
  }),
  needsSandbox: ({ reason }: { reason: string }) => ({
    message: `The assistants' own files are read in a sandbox only, and there is none: ${reason}`,
    hint: "See what is missing with nanoclaw doctor, or leave these files out:\n  nanoclaw backup --no-files",
  }),
  filesFailed: ({ group, said }: { group: string; said: string }) => ({
    message: `The files of the group ${group} could not be copied: ${said || "it ended without a word"}`,
    hint: "Check the free space, or leave these files out:\n  nanoclaw backup --no-files",
  }),
  noFile: ({ path }: { path: string }) => ({
    message: `There is no file ${path}.`,
    hint: "Name a file that nanoclaw backup has written, or one of the backups folder.",
  }),
  notOne: ({ path }: { path: string }) => ({
    message: `${path} is not a backup of NanoClaw.`,
    hint: "Name a file that nanoclaw backup has written, or one of the backups folder.",
  }),
  newer: ({ path }: { path: string }) => ({
    message: `${path} was made by a newer version of NanoClaw.`,
    hint: "Update NanoClaw and try again.",
  }),
  damaged: ({ path }: { path: string }) => ({
    message: `${path} is damaged or was cut short. Nothing was changed.`,
    hint: "Take another backup, or copy this one again from where it came from.",
  }),
  unsafe: ({ path, name }: { path: string; name: string }) => ({
    message: `${path} holds something that does not belong in a backup ("${name}"). Nothing was changed.`,
    hint: "Restore only what you have made yourself: a backup brings its own keys and instructions.",
  }),
  noSpace: ({ neededMb, freeMb }: { neededMb: number; freeMb: number }) => ({
    message: `Restoring needs ${neededMb} MB on the disk, and ${freeMb} MB are free.`,
    hint: "Free some space and try again. This shows what is left:\n  df -h",
  }),
  inUse: ({ pid }: { pid: number }) => ({
    message: `Process ${pid} is using NanoClaw. Nothing was changed.`,
    hint: `End it and try again: leave the prompt, or stop the gateway with nanoclaw service stop. This shows what it is:\n  ps -p ${pid}`,
  }),
  wantsYes: ({ path, home }: { path: string; home: string }) => ({
    message: `${path} would take the place of what is in ${home}, which is put aside.`,
    hint: "Where nobody can answer, say --yes.",
  }),
});

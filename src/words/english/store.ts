import { defineWords } from "../define-words.ts";
import { quote } from "../quote.ts";

/** The database in `NANOCLAW_HOME`. */
export const storeWords = defineWords("store", {
  locked: ({ file }: { file: string }) => ({
    message: `Another program has kept the database locked for too long (${file}).`,
    hint: `End the program that holds it and try again. This names it:\n  fuser -v ${quote(file)}`,
  }),
  full: ({ file }: { file: string }) => ({
    message: `The disk is full (${file}). Nothing that was already saved is lost.`,
    hint: `Free some space and try again. This shows what is left:\n  df -h ${quote(file)}`,
  }),
  reserveGivenUp: ({ file }: { file: string }) => ({
    message: `The disk is full (${file}). A reserve was given up so that the conversation could be saved; running commands were ended.`,
    hint: `Free some space: there is no second reserve until then. This shows what is left:\n  df -h ${quote(file)}`,
  }),
  /** Never replaced silently: what is in it may still be saved by a person. */
  damaged: ({ file }: { file: string }) => ({
    message: `The database is damaged (${file}).`,
    hint: 'Move it and its "-wal" and "-shm" files away and put the newest file of the "backups" folder beside it in its place.',
  }),
  readOnly: ({ file }: { file: string }) => ({
    message: `The database can only be read, not written (${file}).`,
    hint: "Set NANOCLAW_HOME to a folder that can be written.",
  }),
  cannotOpen: ({ file }: { file: string }) => ({
    message: `The database cannot be opened (${file}).`,
    hint: `Check what stands at that path and who owns it:\n  ls -ld ${quote(file)}`,
  }),
  diskFailed: ({ file }: { file: string }) => ({
    message: `The disk failed while the database was used (${file}).`,
    hint: "Check the free space and the disk (df, dmesg) and try again.",
  }),
  networkDisk: ({ file }: { file: string }) => ({
    message: `The file system of ${file} can't share a database between processes.`,
    hint: "Set NANOCLAW_HOME to a folder on a local disk.",
  }),
  lost: ({ folder, file }: { folder: string; file: string }) => ({
    message: `The database is missing or empty, but ${folder} is in use.`,
    hint: `Put the newest file of ${folder}/backups in the place of ${file}, or move ${folder} away to begin anew.`,
  }),
  restoreUnfinished: () => ({
    message:
      "A backup was being restored when that was cut short: nothing is lost, but half of it is in place.",
    hint: "Let it end what it began:\n  nanoclaw restore",
  }),
  folderForEverybody: ({ folder }: { folder: string }) => ({
    message: `${folder} is a folder for everybody: private data can't be kept in it.`,
    hint: `Set NANOCLAW_HOME to a folder of your own, for example ${folder}/nanoclaw.`,
  }),
  foreign: ({ file }: { file: string }) => ({
    message: `${file} is not a database of NanoClaw.`,
    hint: "Move it away, or set NANOCLAW_HOME to another folder.",
  }),
  newer: ({ step, backups }: { step: string; backups: string }) => ({
    message: `The database was made by a newer version of NanoClaw ("${step}").`,
    hint: `Update NanoClaw, or put the newest backup of ${backups} in the place of the database.`,
  }),
});

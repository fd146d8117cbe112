import { defineWords } from "../define-words.ts";

/** What was entered at the prompt, and conversations by name. */
export const promptWords = defineWords("prompt", {
  notHere: ({ command }: { command: string }) => ({
    message: `${command} can't be used in this conversation.`,
    hint: "/help shows what can.",
  }),
  noLastMessage: () => ({
    message: "There is no last message in this conversation.",
    hint: "Write one first; after /compact only the last turns can be asked again.",
  }),
  cannotEdit: () => ({
    message: "This terminal can't open the message for a change.",
    hint: "Write the new text behind it: /edit TEXT",
  }),
  cannotLogIn: () => ({
    message: "This terminal can't show the first screen.",
    hint: "Leave, and run:\n  nanoclaw onboard",
  }),
  fileTooLarge: ({ path, kilobytes }: { path: string; kilobytes: number }) => ({
    message: `${path} is larger than ${kilobytes} kB.`,
    hint: "Take the @ away and ask the assistant to look into it.",
  }),
  fileIsFolder: ({ path }: { path: string }) => ({
    message: `${path} is a folder.`,
    hint: "Name a file in it; Tab shows them.",
  }),
  fileIsSpecial: ({ path }: { path: string }) => ({
    message: `${path} is a pipe, a socket or a device, not a file.`,
    hint: "Take the @ away to send the message without it.",
  }),
  fileUnreadable: ({ path }: { path: string }) => ({
    message: `${path} can't be read from the sandbox: permission was refused.`,
    hint: "Take the @ away, or let others read the file: chmod o+r",
  }),
  fileNotText: ({ path }: { path: string }) => ({
    message: `${path} is not text.`,
    hint: "Take the @ away and ask the assistant to look into it.",
  }),
  unknownSession: ({
    word,
    nearest,
    known,
  }: {
    word: string;
    nearest: string | undefined;
    known: readonly string[];
  }) => ({
    message: `There is no conversation "${word}".${nearest === undefined ? "" : ` Did you mean ${nearest}?`}`,
    hint: `Known: ${known.join(", ") || "none yet"}.`,
  }),
  sessionName: ({ name }: { name: string }) => ({
    message: `"${name}" can't be the name of a conversation.`,
    hint: "Use up to 64 characters, beginning with a letter.",
  }),
  sessionNameMissing: () => ({
    message: "The new name is missing.",
    hint: "Write it behind: /sessions name NEW",
  }),
  sessionTaken: ({ name }: { name: string }) => ({
    message: `There is a conversation "${name}" already.`,
    hint: "nanoclaw sessions list shows all.",
  }),
  sessionStays: ({ name }: { name: string }) => ({
    message: `This is the named conversation "${name}", which stays as it is.`,
    hint: "Leave and start without -s, or with another name.",
  }),
  nothingToShorten: () => ({
    message: "There is nothing to sum up yet.",
    hint: "The last turns always stay as they are.",
  }),
  summaryIncomplete: ({ reason }: { reason: string }) => ({
    message: `The model gave no whole summary (${reason}). Nothing was changed.`,
    hint: "Try again, or choose another model with /model.",
  }),
  atWork: ({ pid }: { pid: number }) => ({
    message: `Process ${pid} is at work in this group.`,
    hint: "Try again when it is done.",
  }),
  nothingToExport: () => ({
    message: "There is nothing to export yet.",
    hint: "Write a message first.",
  }),
  exportExists: ({ path }: { path: string }) => ({
    message: `${path} is there already.`,
    hint: "Write over it with --force, or name another file.",
  }),
  exportBelowShared: ({ folder }: { folder: string }) => ({
    message: `The assistant can change ${folder}, so nothing is written there.`,
    hint: "Name a file in the shared folder itself, or elsewhere.",
  }),
  notArchived: ({ path, reason }: { path: string; reason: string }) => ({
    message: `The conversation could not be written to ${path} (${reason}), so it goes on.`,
    hint: "Make room or set right whose the folder is, then write /new again.",
  }),
  exportNoFolder: ({ folder }: { folder: string }) => ({
    message: `There is no folder ${folder}.`,
    hint: "Make it, or name another place.",
  }),
  exportIsFolder: ({ path }: { path: string }) => ({
    message: `${path} is a folder.`,
    hint: "Name a file in it.",
  }),
});

import { defineWords } from "../define-words.ts";

/** What was typed. */
export const usageWords = defineWords("usage", {
  unknownCommand: ({
    name,
    below,
    nearest,
    known,
  }: {
    name: string;
    /** The command whose subcommand it was meant to be. */
    below: string;
    nearest: string | undefined;
    known: readonly string[];
  }) => ({
    message: `Unknown ${below === "" ? "" : `${below} `}command "${name}".${guess(nearest)}`,
    hint: `Known: ${known.join(", ")}`,
  }),
  unknownFlag: ({ flag, nearest }: { flag: string; nearest: string | undefined }) => ({
    message: `Unknown flag "${flag}".${guess(nearest)}`,
  }),
  flagTakesNoValue: ({ flag }: { flag: string }) => ({ message: `${flag} takes no value.` }),
  flagNeedsValue: ({ flag, value }: { flag: string; value: string }) => ({
    message: `${flag} needs a value: ${flag} ${value}.`,
  }),
  flagBeforeFlag: ({ flag, value, next }: { flag: string; value: string; next: string }) => ({
    message: `${flag} needs a value: ${flag} ${value}.`,
    hint: `If ${next} is meant as the value, write ${flag}=${next}`,
  }),
  flagTwice: ({ flag }: { flag: string }) => ({ message: `${flag} was given twice.` }),
  flagEmpty: ({ flag }: { flag: string }) => ({ message: `${flag} is empty.` }),
  wordMissing: ({ word }: { word: string }) => ({ message: `${word} is missing.` }),
  wordUnexpected: ({ word }: { word: string }) => ({ message: `Unexpected word "${word}".` }),
  needsSubcommand: ({ command, known }: { command: string; known: readonly string[] }) => ({
    message: `${command} needs one of: ${known.join(", ")}.`,
  }),
  jsonNeedsMessage: () => ({
    message: "--json needs a message: give one with -m, -f or standard input.",
  }),
  messageEmpty: () => ({
    message: "The message is empty.",
    hint: 'Say something: nanoclaw agent -m "Hello"',
  }),
  messageTooLarge: () => ({
    message: "The message is larger than 1 MB.",
    hint: "Share the folder instead, and say which file: --folder PATH",
  }),
  notText: ({ name }: { name: string }) => ({ message: `What stands in ${name} is not text.` }),
  fileMissing: ({ path }: { path: string }) => ({ message: `The file ${path} does not exist.` }),
  fileIsFolder: ({ path }: { path: string }) => ({
    message: `The file ${path} is a folder.`,
    hint: "Share it instead: --folder PATH",
  }),
  unknownGroup: ({
    name,
    nearest,
    known,
    isName,
  }: {
    name: string;
    nearest: string | undefined;
    known: readonly string[];
    /** Whether a group could be called so. */
    isName: boolean;
  }) => ({
    message: `Unknown group "${name}".${guess(nearest)}`,
    hint: `Known: ${known.join(", ") || "none yet"}. Add one: nanoclaw groups add ${isName ? name : "NAME"}`,
  }),
  groupName: ({ name }: { name: string }) => ({
    message: `"${name}" cannot be the name of a group.`,
    hint: "Use up to 64 letters, digits, - and _, beginning with a letter or a digit.",
  }),
  groupTaken: ({ name }: { name: string }) => ({
    message: `There is a group "${name}" already.`,
    hint: "nanoclaw groups list shows all.",
  }),
});

function guess(nearest: string | undefined): string {
  return nearest === undefined ? "" : ` Did you mean ${nearest}?`;
}

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
  notText: ({ name }: { name: string }) => ({
    message: `What stands in ${name} is not text.`,
    hint: "Share its folder instead, and let the assistant open it: --folder PATH",
  }),
  fileMissing: ({ path }: { path: string }) => ({
    message: `The file ${path} does not exist.`,
    hint: "Check the path: it counts from the folder you stand in.",
  }),
  fileIsFolder: ({ path }: { path: string }) => ({
    message: `The file ${path} is a folder.`,
    hint: "Share it instead: --folder PATH",
  }),
  pictureAlone: () => ({
    message: "There is a picture and no message.",
    hint: 'Say what to do with it: -m "What is this?"',
  }),
  pictureTooLarge: ({ path, megabytes }: { path: string; megabytes: number }) => ({
    message: `The picture ${path} is larger than ${megabytes} MB.`,
    hint: "Make it smaller first: models look at no more than about 1600 pixels on the longer side.",
  }),
  notAPicture: ({ path }: { path: string }) => ({
    message: `${path} is no picture that models read.`,
    hint: "They read PNG, JPEG, GIF and WebP.",
  }),
  unknownThinking: ({ text }: { text: string }) => ({
    message: `--think does not know "${text}".`,
    hint: "It takes off, low, medium, high, or how many tokens (1024 and more).",
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
  noCount: ({ text }: { text: string }) => ({
    message: `"${text}" is no number of lines.`,
    hint: "nanoclaw logs -n 100 shows the last hundred.",
  }),
  unknownLevel: ({ text, known }: { text: string; known: readonly string[] }) => ({
    message: `Nothing is logged at the level "${text}".`,
    hint: `Levels, the gravest first: ${known.join(", ")}.`,
  }),
  unknownManager: ({ text, known }: { text: string; known: readonly string[] }) => ({
    message: `"${text}" starts no services.`,
    hint: `Known: ${known.join(", ")}. Without --manager the one of this machine is taken.`,
  }),
  usageBy: ({
    word,
    nearest,
    known,
  }: {
    word: string;
    nearest: string | undefined;
    known: readonly string[];
  }) => ({
    message: `Usage cannot be told apart by "${word}".${guess(nearest)}`,
    hint: `Known: ${known.join(", ")}.`,
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

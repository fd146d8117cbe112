import { defineWords } from "../define-words.ts";

/** What a group's assistant remembers. */
export const memoryWords = defineWords("memory", {
  unknownNote: ({ number }: { number: number }) => ({
    message: `There is no note ${number} here.`,
    hint: "nanoclaw memory show lists them all.",
  }),
  fileTooLong: ({ length, most }: { length: number; most: number }) => ({
    message: `MEMORY.md holds ${most} characters, for it is read before every conversation; this has ${length}.`,
    hint: "Keep what matters always; the rest as notes, which are looked up: nanoclaw memory add TEXT",
  }),
  noText: () => ({
    message: "Standard input brought no text. Nothing was changed.",
    hint: "To leave nothing of it, give an empty line:\n  echo | nanoclaw memory edit",
  }),
  noEditor: () => ({
    message: "It is not known with which editor to change it: neither VISUAL nor EDITOR is set.",
    hint: "Set one (EDITOR=nano), or give the new text on standard input.",
  }),
  editorMissing: ({ editor }: { editor: string }) => ({
    message: `There is no program "${editor}" to edit with.`,
    hint: "Set VISUAL or EDITOR to one that is installed.",
  }),
  editorFailed: ({ editor, code }: { editor: string; code: number }) => ({
    message: `${editor} ended with ${code}. Nothing was changed.`,
    hint: "Try again, or give the new text on standard input.",
  }),
});

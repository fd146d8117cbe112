import { defineWords } from "../define-words.ts";

/** Why nothing was put back. */
export const undoWords = defineWords("undo", {
  noNumber: ({ number }: { number: string }) => ({
    message: `There is nothing to go back to under the number ${number}.`,
    hint: "See what there is: nanoclaw undo --list",
  }),
  notATime: ({ text }: { text: string }) => ({
    message: `"${text}" is no time and no number.`,
    hint: 'Write it as 14:30, as "2026-01-31 14:30", or take a number from: nanoclaw undo --list',
  }),
  nothingSince: ({ text }: { text: string }) => ({
    message: `Nothing has been changed since ${text}.`,
    hint: "See what there is: nanoclaw undo --list",
  }),
  notKept: ({ reason }: { reason: string }) => ({
    message: `What was done then can't be undone: ${reason}.`,
    hint: "Go further back: nanoclaw undo --list shows what there is.",
  }),
  damaged: () => ({
    message: "What was done then can't be undone: what was kept of it is damaged.",
    hint: "Go further back: nanoclaw undo --list shows what there is.",
  }),
  wantsYes: ({ summary }: { summary: string }) => ({
    message: `It would be undone: ${summary}.`,
    hint: "Where nobody can answer, say --yes, or look first with --diff.",
  }),
});

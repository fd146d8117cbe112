import { defineWords } from "../define-words.ts";

/** What is wrong with how the audit log was asked for. */
export const auditWords = defineWords("audit", {
  notAHead: ({ text }: { text: string }) => ({
    message: `"${text}" is no end of an audit log.`,
    hint: "Write it as status shows it, as 1234:9f86d081884c7d65: the number of the row and the first letters of its hash.",
  }),
  notASince: ({ text }: { text: string }) => ({
    message: `"${text}" is no time.`,
    hint: 'Write it as 2h, 30m, 7d, 14:30 or "2026-01-31 14:30".',
  }),
});

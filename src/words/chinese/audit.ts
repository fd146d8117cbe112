import type { Translated } from "../define-words.ts";
import type { auditWords } from "../english/audit.ts";

export const audit: Translated<typeof auditWords> = {
  notAHead: ({ text }) => ({
    message: `“${text}”不是审计日志的末尾。`,
    hint: "请照 status 显示的写，例如 1234:9f86d081884c7d65：行号，和它的哈希的开头。",
  }),
  notASince: ({ text }) => ({
    message: `“${text}”不是时间。`,
    hint: '请写成 2h、30m、7d、14:30 或 "2026-01-31 14:30"。',
  }),
};

import type { Translated } from "../define-words.ts";
import type { undoWords } from "../english/undo.ts";

export const undo: Translated<typeof undoWords> = {
  noNumber: ({ number }) => ({
    message: `编号 ${number} 下没有可以恢复的内容。`,
    hint: "查看有哪些：nanoclaw undo --list",
  }),
  notATime: ({ text }) => ({
    message: `“${text}”既不是时间，也不是编号。`,
    hint: '请写成 14:30 或 "2026-01-31 14:30"，或从这里取一个编号：nanoclaw undo --list',
  }),
  nothingSince: ({ text }) => ({
    message: `${text} 之后没有任何改动。`,
    hint: "查看有哪些：nanoclaw undo --list",
  }),
  notKept: ({ reason }) => ({
    message: `当时的改动无法撤销：${reason}。`,
    hint: "请恢复到更早的时候：nanoclaw undo --list 会列出来。",
  }),
  damaged: () => ({
    message: "当时的改动无法撤销：保留的内容已损坏。",
    hint: "请恢复到更早的时候：nanoclaw undo --list 会列出来。",
  }),
  wantsYes: ({ summary }) => ({
    message: `将会撤销：${summary}。`,
    hint: "没有人可以回答时请加 --yes，或先用 --diff 看一看。",
  }),
};

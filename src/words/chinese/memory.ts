import type { Translated } from "../define-words.ts";
import type { memoryWords } from "../english/memory.ts";

export const memory: Translated<typeof memoryWords> = {
  unknownNote: ({ number }) => ({
    message: `这里没有第 ${number} 条笔记。`,
    hint: "nanoclaw memory show 列出全部。",
  }),
  fileTooLong: ({ length, most }) => ({
    message: `MEMORY.md 在每次对话之前都会被读取，最多 ${most} 个字符；现在有 ${length} 个。`,
    hint: "只留下始终重要的内容；其余记成笔记，需要时会查到：nanoclaw memory add TEXT",
  }),
  noText: () => ({
    message: "标准输入没有带来文字。没有任何更改。",
    hint: "要清空它，请给一个空行：\n  echo | nanoclaw memory edit",
  }),
  noEditor: () => ({
    message: "不知道用哪个编辑器：VISUAL 和 EDITOR 都没有设置。",
    hint: "设置其中一个（EDITOR=nano），或者从标准输入给出新的文字。",
  }),
  editorMissing: ({ editor }) => ({
    message: `没有可以用来编辑的程序“${editor}”。`,
    hint: "把 VISUAL 或 EDITOR 设为已安装的程序。",
  }),
  editorFailed: ({ editor, code }) => ({
    message: `${editor} 以 ${code} 结束。没有任何更改。`,
    hint: "请重试，或者从标准输入给出新的文字。",
  }),
};

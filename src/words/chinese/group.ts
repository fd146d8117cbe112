import type { Translated } from "../define-words.ts";
import type { groupWords } from "../english/group.ts";

export const group: Translated<typeof groupWords> = {
  unknownChat: ({ word, nearest }) => ({
    message: `没有名为“${word}”的聊天。${nearest === undefined ? "" : `您是想说“${nearest}”吗？`}`,
    hint: "有人在里面写过消息后，聊天才会被记住。查看已知的聊天：\n  nanoclaw groups chats --all",
  }),
  chatNotClear: ({ word, numbers }) => ({
    message: `有 ${numbers.length} 个聊天叫“${word}”。`,
    hint: `请用编号指明：${numbers.join("、")}。查看各是哪一个：\n  nanoclaw groups chats --all`,
  }),
  chatTaken: ({ chat, group: name }) => ({
    message: `聊天 ${chat} 属于群组 ${name}。`,
    hint: `一个聊天只属于一个群组。请先分开：\n  nanoclaw groups unbind ${chat}`,
  }),
  chatIsFree: ({ chat }) => ({
    message: `聊天 ${chat} 不属于任何群组。`,
    hint: "把它交给一个群组：\n  nanoclaw groups bind GROUP CHAT",
  }),
  mainIsPrivate: ({ chat }) => ({
    message: `聊天 ${chat} 不能属于 main：main 只用于与主人的私聊。`,
    hint: `请给它单独的群组：\n  nanoclaw groups add NAME\n  nanoclaw groups bind NAME ${chat}`,
  }),
  mainStays: () => ({
    message: "main 保持不变：既不能改名，也不能删除。",
    hint: "其他群组都可以。",
  }),
  busy: ({ group: name, pid }) => ({
    message: `助手正在 ${name} 中工作（进程 ${pid}）。`,
    hint: "请等它回答后再试，或者在它的聊天中用 /stop 停止它。",
  }),
  folderInTheWay: ({ path }) => ({
    message: `已经有文件夹 ${path}。`,
    hint: "请把它移走，或者换一个名字。",
  }),
  moved: ({ name, current }) => ({
    message: current === undefined ? `群组 ${name} 已被删除。` : `群组 ${name} 现在叫 ${current}。`,
    hint: current === undefined ? "查看已有的群组：\n  nanoclaw groups list" : "请用新名字重新开始。",
  }),
  removeNeedsYes: ({ group: name }) => ({
    message: `没有人可以确认是否删除 ${name}。`,
    hint: `如果您确定：\n  nanoclaw groups remove ${name} --yes`,
  }),
  unknownTemplate: ({ name, folder, nearest }) => ({
    message: `没有模板“${name}”。${nearest === undefined ? "" : `您是想说 ${nearest} 吗？`}`,
    hint: `模板是 ${folder} 中的一个文件夹；请复制名为 group 的那个，再修改其中的文件。`,
  }),
  unknownSetting: ({ name, nearest, known }) => ({
    message: `群组没有设置“${name}”。${nearest === undefined ? "" : `您是想说 ${nearest} 吗？`}`,
    hint: `已知的设置：${known.join("、")}。例如：\n  nanoclaw groups set family trigger=@Bob`,
  }),
  nothingToSet: ({ known }) => ({
    message: "没有说明要设置什么。",
    hint: `已知的设置：${known.join("、")}。例如：\n  nanoclaw groups set family trigger=@Bob`,
  }),
  badTrigger: ({ name }) => ({
    message: `“${name}”不能用作称呼。`,
    hint: "称呼须含字母或数字，不含空格，最多 40 个字符，例如 @Andy、@小明 或 @C++。",
  }),
  unknownMode: ({ mode, nearest, known }) => ({
    message: `没有模式“${mode}”。${nearest === undefined ? "" : `您是想说 ${nearest} 吗？`}`,
    hint: `已知的模式：${known.join("、")}。`,
  }),
  settingTooLong: ({ name, most }) => ({
    message: `设置 ${name} 超过了 ${most} 个字符。`,
    hint: "更长的说明请写进群组的 AGENTS.md。",
  }),
};

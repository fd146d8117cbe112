import type { Translated } from "../define-words.ts";
import type { usageWords } from "../english/usage.ts";

export const usage: Translated<typeof usageWords> = {
  unknownCommand: ({ name, below, nearest, known }) => ({
    message: `未知的${below === "" ? "" : ` ${below} `}命令“${name}”。${guess(nearest)}`,
    hint: `已知的有：${known.join("、")}`,
  }),
  unknownFlag: ({ flag, nearest }) => ({ message: `未知的选项“${flag}”。${guess(nearest)}` }),
  flagTakesNoValue: ({ flag }) => ({ message: `${flag} 不带值。` }),
  flagNeedsValue: ({ flag, value }) => ({ message: `${flag} 需要一个值：${flag} ${value}。` }),
  flagBeforeFlag: ({ flag, value, next }) => ({
    message: `${flag} 需要一个值：${flag} ${value}。`,
    hint: `如果 ${next} 就是它的值，请写成 ${flag}=${next}`,
  }),
  flagTwice: ({ flag }) => ({ message: `${flag} 出现了两次。` }),
  flagEmpty: ({ flag }) => ({ message: `${flag} 是空的。` }),
  wordMissing: ({ word }) => ({ message: `缺少 ${word}。` }),
  wordUnexpected: ({ word }) => ({ message: `多余的词“${word}”。` }),
  needsSubcommand: ({ command, known }) => ({
    message: `${command} 后面要跟其中之一：${known.join("、")}。`,
  }),
  jsonNeedsMessage: () => ({ message: "--json 需要一条消息：请用 -m、-f 或标准输入给出。" }),
  messageEmpty: () => ({ message: "消息是空的。", hint: '请说点什么：nanoclaw agent -m "你好"' }),
  messageTooLarge: () => ({
    message: "消息超过 1 MB。",
    hint: "请改为共享文件夹，并说明是哪个文件：--folder PATH",
  }),
  notText: ({ name }) => ({
    message: `${name} 的内容不是文本。`,
    hint: "请改为共享它所在的文件夹，让助手自己打开：--folder PATH",
  }),
  fileMissing: ({ path }) => ({
    message: `文件 ${path} 不存在。`,
    hint: "请检查路径：它从当前文件夹算起。",
  }),
  fileIsFolder: ({ path }) => ({
    message: `${path} 是文件夹，不是文件。`,
    hint: "请改为共享它：--folder PATH",
  }),
  pictureAlone: () => ({
    message: "有图片，但没有消息。",
    hint: '请说明要怎么处理它：-m "这是什么？"',
  }),
  pictureTooLarge: ({ path, megabytes }) => ({
    message: `图片 ${path} 超过 ${megabytes} MB。`,
    hint: "请先把它缩小：模型最多只看长边约 1600 像素。",
  }),
  notAPicture: ({ path }) => ({
    message: `${path} 不是模型能看的图片。`,
    hint: "可以是 PNG、JPEG、GIF 和 WebP。",
  }),
  unknownThinking: ({ text }) => ({
    message: `--think 不认识“${text}”。`,
    hint: "可以是 off、low、medium、high，或者多少个 token（至少 1024）。",
  }),
  unknownGroup: ({ name, nearest, known, isName }) => ({
    message: `未知的群组“${name}”。${guess(nearest)}`,
    hint: `已知的有：${known.join("、") || "还没有"}。添加一个：nanoclaw groups add ${isName ? name : "NAME"}`,
  }),
  noCount: ({ text }) => ({
    message: `“${text}”不是行数。`,
    hint: "nanoclaw logs -n 100 显示最后一百行。",
  }),
  unknownLevel: ({ text, known }) => ({
    message: `没有“${text}”这个日志级别。`,
    hint: `级别，从最严重的开始：${known.join("、")}。`,
  }),
  unknownManager: ({ text, known }) => ({
    message: `“${text}”不是启动服务的程序。`,
    hint: `可用的有：${known.join("、")}。不加 --manager 就使用本机的那一个。`,
  }),
  usageBy: ({ word, nearest, known }) => ({
    message: `用量不能按“${word}”区分。${guess(nearest)}`,
    hint: `已知的有：${known.join("、")}。`,
  }),
  groupName: ({ name }) => ({
    message: `“${name}”不能用作群组名称。`,
    hint: "最多 64 个字符，只用字母、数字、- 和 _，并以字母或数字开头。",
  }),
  groupTaken: ({ name }) => ({
    message: `已经有名为“${name}”的群组。`,
    hint: "nanoclaw groups list 列出所有群组。",
  }),
};

function guess(nearest: string | undefined): string {
  return nearest === undefined ? "" : `是不是想输入 ${nearest}？`;
}

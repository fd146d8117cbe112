import type { Translated } from "../define-words.ts";
import type { promptWords } from "../english/prompt.ts";

export const prompt: Translated<typeof promptWords> = {
  notHere: ({ command }) => ({
    message: `这个对话里不能使用 ${command}。`,
    hint: "/help 列出可以使用的命令。",
  }),
  noLastMessage: () => ({
    message: "这个对话里没有上一条消息。",
    hint: "请先写一条；/compact 之后只有最近的几轮可以重新提问。",
  }),
  cannotEdit: () => ({
    message: "这个终端不能打开消息进行修改。",
    hint: "请把新内容写在后面：/edit TEXT",
  }),
  cannotLogIn: () => ({ message: "这个终端不能显示初始设置。", hint: "请退出后运行：\n  nanoclaw onboard" }),
  fileTooLarge: ({ path, kilobytes }) => ({
    message: `${path} 超过 ${kilobytes} kB。`,
    hint: "请去掉 @，让助手自己去看。",
  }),
  fileIsFolder: ({ path }) => ({
    message: `${path} 是文件夹。`,
    hint: "请指明其中的一个文件，按 Tab 可以列出。",
  }),
  fileIsSpecial: ({ path }) => ({
    message: `${path} 是管道、套接字或设备，不是文件。`,
    hint: "去掉 @ 就可以不带它发送。",
  }),
  fileUnreadable: ({ path }) => ({
    message: `沙箱里不能读取 ${path}：没有权限。`,
    hint: "请去掉 @，或者允许其他用户读取：chmod o+r",
  }),
  fileNotText: ({ path }) => ({ message: `${path} 不是文本。`, hint: "请去掉 @，让助手自己去看。" }),
  unknownSession: ({ word, nearest, known }) => ({
    message: `没有名为“${word}”的对话。${nearest === undefined ? "" : `是不是想输入 ${nearest}？`}`,
    hint: `已知的有：${known.join("、") || "还没有"}。`,
  }),
  sessionName: ({ name }) => ({
    message: `“${name}”不能用作对话的名称。`,
    hint: "最多 64 个字符，并以字母开头。",
  }),
  sessionNameMissing: () => ({ message: "缺少新名称。", hint: "请写在后面：/sessions name NEW" }),
  sessionTaken: ({ name }) => ({
    message: `已经有名为“${name}”的对话。`,
    hint: "nanoclaw sessions list 列出所有对话。",
  }),
  sessionStays: ({ name }) => ({
    message: `这是名为“${name}”的对话，会保持原样。`,
    hint: "请退出，然后不带 -s 或换一个名称重新开始。",
  }),
  nothingToShorten: () => ({ message: "现在还没有可以概括的内容。", hint: "最近的几轮总是保持原样。" }),
  summaryIncomplete: ({ reason }) => ({
    message: `模型没有给出完整的概括（${reason}）。没有做任何改动。`,
    hint: "请重试，或者用 /model 换一个模型。",
  }),
  atWork: ({ pid }) => ({ message: `进程 ${pid} 正在这个群组里工作。`, hint: "等它完成后再试。" }),
  nothingToExport: () => ({ message: "现在还没有可以导出的内容。", hint: "请先写一条消息。" }),
  exportExists: ({ path }) => ({
    message: `${path} 已经存在。`,
    hint: "用 --force 覆盖它，或者换一个文件名。",
  }),
  exportBelowShared: ({ folder }) => ({
    message: `助手可以改动 ${folder}，所以不会写到那里。`,
    hint: "请直接写到共享文件夹里，或者写到别处。",
  }),
  notArchived: ({ path, reason }) => ({
    message: `对话无法写入 ${path}（${reason}），因此继续原来的对话。`,
    hint: "请腾出空间或修正该文件夹的所有者，然后再输入 /new。",
  }),
  exportNoFolder: ({ folder }) => ({
    message: `文件夹 ${folder} 不存在。`,
    hint: "请先创建它，或者换一个位置。",
  }),
  exportIsFolder: ({ path }) => ({ message: `${path} 是文件夹。`, hint: "请指明其中的一个文件。" }),
};

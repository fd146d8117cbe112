import type { Translated } from "../define-words.ts";
import type { backupWords } from "../english/backup.ts";

export const backup: Translated<typeof backupWords> = {
  exists: ({ path }) => ({
    message: `${path} 已经存在。`,
    hint: "请给备份换一个名字：nanoclaw backup FILE",
  }),
  insideGroup: ({ path }) => ({
    message: `备份不能写进群组的文件夹（${path}）：助手会读到里面的密钥。`,
    hint: "请换一个位置：nanoclaw backup FILE",
  }),
  needsSandbox: ({ reason }) => ({
    message: `助手自己的文件只在沙箱中读取，而现在没有沙箱：${reason}`,
    hint: "用 nanoclaw doctor 查看缺少什么，或者不备份这些文件：\n  nanoclaw backup --no-files",
  }),
  filesFailed: ({ group, said }) => ({
    message: `无法复制群组 ${group} 的文件：${said || "没有任何说明就结束了"}`,
    hint: "请检查剩余空间，或者不备份这些文件：\n  nanoclaw backup --no-files",
  }),
  noFile: ({ path }) => ({
    message: `没有文件 ${path}。`,
    hint: "请指定 nanoclaw backup 写出的文件，或 backups 文件夹中的文件。",
  }),
  notOne: ({ path }) => ({
    message: `${path} 不是 NanoClaw 的备份。`,
    hint: "请指定 nanoclaw backup 写出的文件，或 backups 文件夹中的文件。",
  }),
  newer: ({ path }) => ({
    message: `${path} 来自更新版本的 NanoClaw。`,
    hint: "请更新 NanoClaw 再试。",
  }),
  damaged: ({ path }) => ({
    message: `${path} 已损坏或不完整。没有任何改动。`,
    hint: "请换一个备份，或从原处重新复制这个文件。",
  }),
  unsafe: ({ path, name }) => ({
    message: `${path} 里有不属于备份的内容（“${name}”）。没有任何改动。`,
    hint: "请只恢复您自己做的备份：备份会带来它自己的密钥和指令。",
  }),
  noSpace: ({ neededMb, freeMb }) => ({
    message: `恢复需要 ${neededMb} MB 磁盘空间，现在只剩 ${freeMb} MB。`,
    hint: "请腾出一些空间再试。查看剩余空间：\n  df -h",
  }),
  inUse: ({ pid }) => ({
    message: `进程 ${pid} 正在使用 NanoClaw。没有任何改动。`,
    hint: `请结束它再试：退出对话，或用 nanoclaw service stop 停止网关。查看它是什么：\n  ps -p ${pid}`,
  }),
  wantsYes: ({ path, home }) => ({
    message: `${path} 会取代 ${home} 中的内容，原有内容会另外保存。`,
    hint: "没有人可以回答时请加 --yes。",
  }),
};

import type { Translated } from "../define-words.ts";
import type { systemWords } from "../english/system.ts";
import { quote } from "../quote.ts";

export const system: Translated<typeof systemWords> = {
  diskFull: ({ path }) => ({
    message: `磁盘已满${at(path)}。已经保存的内容没有丢失。`,
    hint: "请腾出一些空间再试。查看剩余空间：\n  df -h",
  }),
  quotaFull: ({ path }) => ({
    message: `您的磁盘配额已用完${at(path)}。已经保存的内容没有丢失。`,
    hint: "请删除一些自己的文件，或者请这台机器的管理员提高配额。查看配额：\n  quota -s",
  }),
  permission: ({ path }) => ({
    message: `没有权限${at(path)}。`,
    hint: `请检查所有者和权限：\n  ls -ld ${quote(path ?? "PATH")}`,
  }),
  readOnly: ({ path }) => ({
    message: `只能读取，不能写入${at(path)}。`,
    hint: "请把 NANOCLAW_HOME 设为一个可写的文件夹。",
  }),
  tooManyFiles: () => ({
    message: "打开的文件太多。",
    hint: "请提高上限，或者关闭一些程序，然后再试：\n  ulimit -n 4096",
  }),
  outOfMemory: () => ({
    message: "这台机器的内存已经用完。",
    hint: "请关闭一些程序再试。查看剩余内存：\n  free -h",
  }),
  inputClosed: () => ({
    message: "终端已经关闭，无法再从中读取输入。",
    hint: "请在终端中重新启动，或者用 -m 给出消息。",
  }),
  folderGone: () => ({
    message: "您当前所在的文件夹已经不存在。",
    hint: "请换到另一个文件夹：\n  cd ~",
  }),
  bug: ({ logId }) => ({
    message: "发生了本不该发生的错误：这是 NanoClaw 的缺陷。",
    hint: logId === undefined ? "请加上 --logs 再运行一次，查看详情。" : `详情见日志 ${logId}。`,
  }),
};

function at(path: string | undefined): string {
  return path === undefined ? "" : `（${path}）`;
}

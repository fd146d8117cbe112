import type { Translated } from "../define-words.ts";
import type { storeWords } from "../english/store.ts";
import { quote } from "../quote.ts";

export const store: Translated<typeof storeWords> = {
  locked: ({ file }) => ({
    message: `另一个程序锁住数据库太久（${file}）。`,
    hint: `请结束占用它的程序再试。查看是哪个程序：\n  fuser -v ${quote(file)}`,
  }),
  full: ({ file }) => ({
    message: `磁盘已满（${file}）。已经保存的内容没有丢失。`,
    hint: `请腾出一些空间再试。查看剩余空间：\n  df -h ${quote(file)}`,
  }),
  reserveGivenUp: ({ file }) => ({
    message: `磁盘已满（${file}）。为了保存对话，已释放预留空间；正在运行的命令已结束。`,
    hint: `请腾出一些空间：在那之前没有第二份预留。查看剩余空间：\n  df -h ${quote(file)}`,
  }),
  damaged: ({ file }) => ({
    message: `数据库已损坏（${file}）。`,
    hint: "请把它和同名的“-wal”“-shm”文件移走，再把旁边“backups”文件夹里最新的文件放到它的位置。",
  }),
  readOnly: ({ file }) => ({
    message: `数据库只能读取，不能写入（${file}）。`,
    hint: "请把 NANOCLAW_HOME 设为一个可写的文件夹。",
  }),
  cannotOpen: ({ file }) => ({
    message: `无法打开数据库（${file}）。`,
    hint: `请检查那个路径上是什么、属于谁：\n  ls -ld ${quote(file)}`,
  }),
  diskFailed: ({ file }) => ({
    message: `使用数据库时磁盘出错（${file}）。`,
    hint: "请检查剩余空间和磁盘（df、dmesg）再试。",
  }),
  networkDisk: ({ file }) => ({
    message: `${file} 所在的文件系统不能让多个进程共用一个数据库。`,
    hint: "请把 NANOCLAW_HOME 设为本地磁盘上的文件夹。",
  }),
  lost: ({ folder, file }) => ({
    message: `数据库不见了或者是空的，但 ${folder} 已在使用。`,
    hint: `请把 ${folder}/backups 中最新的文件放到 ${file} 的位置；要从头开始，就把 ${folder} 移走。`,
  }),
  restoreUnfinished: () => ({
    message: "恢复备份时中断了：没有丢失任何内容，但只完成了一半。",
    hint: "请让它继续完成：\n  nanoclaw restore",
  }),
  folderForEverybody: ({ folder }) => ({
    message: `${folder} 是所有人共用的文件夹，不能存放私人数据。`,
    hint: `请把 NANOCLAW_HOME 设为您自己的文件夹，例如 ${folder}/nanoclaw。`,
  }),
  foreign: ({ file }) => ({
    message: `${file} 不是 NanoClaw 的数据库。`,
    hint: "请把它移走，或者把 NANOCLAW_HOME 设为别的文件夹。",
  }),
  newer: ({ step, backups }) => ({
    message: `数据库来自更新版本的 NanoClaw（“${step}”）。`,
    hint: `请更新 NanoClaw，或者用 ${backups} 中最新的备份替换数据库。`,
  }),
};

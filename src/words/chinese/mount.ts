import type { Translated } from "../define-words.ts";
import type { mountWords } from "../english/mount.ts";

const rootLine = (path: string, canWrite: boolean): string =>
  JSON.stringify({ path, allowReadWrite: canWrite });

export const mount: Translated<typeof mountWords> = {
  noList: ({ file, path, canWrite }) => ({
    message: `无法挂载任何文件夹：${file} 不存在。`,
    hint: `请创建它，并放在您共享的所有文件夹之外。下面的内容允许您指定的文件夹：\n  {"allowedRoots": [${rootLine(path, canWrite)}]}`,
  }),
  badList: ({ file, reason }) => ({
    message: `没有共享或挂载任何文件夹：${file} 无效。${reason}`,
    hint: "请修正它。在此之前其中的内容都不算数。",
  }),
  notAllowed: ({ file, path, canWrite }) => ({
    message: `${path} 不在 ${file} 允许的任何文件夹之内。`,
    hint: `请在其中的 "allowedRoots" 里加上：\n  ${rootLine(path, canWrite)}`,
  }),
  blocked: ({ file, path, pattern }) => ({
    message: `${path} 中有一个名称被 ${file} 禁止："${pattern}"。`,
    hint: '请共享别的文件夹，或从其中的 "blockedPatterns" 里删去这个模式。',
  }),
  onlyRead: ({ file, path, root }) => ({
    message: `${path} 只能读取：${file} 不允许在 ${root} 中写入。`,
    hint: `请去掉 :rw 再挂载，或在其中写上：\n  ${rootLine(root, true)}`,
  }),
  onlyMainWrites: ({ file, path, group }) => ({
    message: `群组 ${group} 只能读取 ${path}：${file} 只让 main 写入（"nonMainReadOnly"）。`,
    hint: "请去掉 :rw 再挂载，或在其中把 nonMainReadOnly 设为 false。",
  }),
  badName: ({ name }) => ({
    message: `"${name}" 不能用作挂载的名称。`,
    hint: "请用最多 63 个字母、数字、点、连字符和下划线，以字母或数字开头。用 --name 指定。",
  }),
  taken: ({ name, group }) => ({
    message: `群组 ${group} 已经有名为 "${name}" 的挂载。`,
    hint: `请用 --name 指定别的名称，或移除原来的：\n  nanoclaw groups mount remove ${group} ${name}`,
  }),
  unknown: ({ name, group, known }) => ({
    message: `群组 ${group} 没有名为 "${name}" 的挂载。`,
    hint:
      known.length === 0
        ? `它一个也没有。添加一个：\n  nanoclaw groups mount add ${group} PATH`
        : `它有：${known.join("、")}。`,
  }),
  lent: ({ path, group, pid }) => ({
    message: `${path} 正借给群组 ${group} 写入（进程 ${pid}）。`,
    hint: "同一时间只有一个群组可以写入一个文件夹。请先结束那个对话，或只共享读取权限。",
  }),
};

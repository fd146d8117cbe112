import type { Translated } from "../define-words.ts";
import type { homeWords } from "../english/home.ts";
import { quote } from "../quote.ts";

export const home: Translated<typeof homeWords> = {
  unset: () => ({
    message: "找不到主目录：没有设置 HOME。",
    hint: "请把 NANOCLAW_HOME 设为您自己的一个文件夹。",
  }),
  relative: ({ path }) => ({
    message: `NANOCLAW_HOME 是“${path}”，会随当前文件夹而变。`,
    hint: "请写完整路径，以 / 开头。",
  }),
  ofAnother: ({ path, uid, ourUid }) => ({
    message: `${path} 属于另一个用户（uid ${uid}，我们是 ${ourUid}）。`,
    hint: `请以它的所有者身份运行，或者把 NANOCLAW_HOME 设为您自己的文件夹，或者以 root 身份执行：\n  chown -R ${ourUid} ${quote(path)}`,
  }),
  openToOthers: ({ path, mode }) => ({
    message: `其他用户可以写入 ${path}（权限 ${mode}）。`,
    hint: `请先检查里面的内容，然后执行：\n  chmod 700 ${quote(path)}`,
  }),
  noFolder: ({ path }) => ({
    message: `${path} 本身不是文件夹。`,
    hint: "请把 NANOCLAW_HOME 设为文件夹本身，而不是链接或文件。",
  }),
  cannotMake: ({ path, isReadOnly }) => ({
    message: `无法创建 ${path}：${isReadOnly ? "该磁盘是只读的" : "没有权限"}。`,
    hint: "请把 NANOCLAW_HOME 设为一个可写的文件夹。",
  }),
  fileNotFile: ({ path }) => ({ message: `${path} 不是文件。`, hint: "请把那里的东西移走。" }),
  fileTooLarge: ({ path }) => ({
    message: `${path} 超过 1 MB。`,
    hint: "它本来只应有几行：请看看是什么把它撑大的。",
  }),
  fileOpenToOthers: ({ path, mode, canWrite }) => ({
    message: `其他用户可以${canWrite ? "写入" : "读取"} ${path}（权限 ${mode}）。`,
    hint: `请执行：\n  chmod 600 ${quote(path)}`,
  }),
  fileUnreadable: ({ path }) => ({
    message: `无法读取 ${path}：没有权限。`,
    hint: `请查看它的所有者：\n  ls -l ${quote(path)}`,
  }),
  fileBelowNoFolder: ({ path }) => ({
    message: `无法读取 ${path}：它的上级不是文件夹。`,
    hint: "请把 NANOCLAW_HOME 设为一个文件夹。",
  }),
  fileNotText: ({ path, isWide }) => ({
    message: isWide ? `${path} 是 UTF-16 文本。` : `${path} 不是 UTF-8 文本。`,
    hint: "请另存为 UTF-8。",
  }),
  secretSealed: ({ name, fault, key }) => ({
    message:
      fault === "no-key"
        ? `无法打开密钥 ${name}：${key} 不见了。`
        : `无法打开密钥 ${name}：它被改动过，或是用 ${key} 以外的密钥封存的。`,
    hint:
      fault === "no-key"
        ? "请放回那个文件；或者删除用它封存的密钥（nanoclaw secrets list），再重新设置。"
        : `请放回正确的文件，或重新设置：\n  nanoclaw secrets set ${name}`,
  }),
  sealKeyBroken: ({ key }) => ({
    message: `${key} 里没有密钥。`,
    hint: "请从备份放回；或者删除它，再重新设置每一个密钥：nanoclaw secrets list",
  }),
  secretName: ({ name }) => ({
    message: `“${name}”不能作为密钥的名称。`,
    hint: "请使用字母、数字和下划线，例如 OPENROUTER_API_KEY。",
  }),
  secretsBroken: ({ path, fault, name }) => ({
    message: {
      "no-json": `${path} 不是 JSON。`,
      "no-object": `${path} 里没有对象。`,
      "no-text": `${path} 中的 ${name ?? "某一项"} 不是文本。`,
    }[fault],
    hint: '它应是一个由名称和文本组成的对象：{ "OPENROUTER_API_KEY": "…" }',
  }),
};

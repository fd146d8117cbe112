import type { Translated } from "../define-words.ts";
import type { vaultWords } from "../english/vault.ts";

export const vault: Translated<typeof vaultWords> = {
  noSecret: ({ name, known }) => ({
    message: `没有名为 ${name} 的密钥。`,
    hint: known.length === 0 ? `请设置：\n  nanoclaw secrets set ${name}` : `现有：${known.join("、")}。`,
  }),
  noValue: () => ({
    message: "没有收到内容。",
    hint: "请输入，或用管道传入：\n  pass show github | nanoclaw secrets set GITHUB_TOKEN -",
  }),
  typedValue: ({ name }) => ({
    message: "密钥不能写在命令行上：本机的每个程序都能读到它，命令历史也会留下它。",
    hint: `请不要写在那里，等提示时再输入，或用管道传入。如果它是真的，请换一个新的。\n  nanoclaw secrets set ${name}`,
  }),
  tooShort: ({ name, least }) => ({
    message: `密钥 ${name} 不足 ${least} 个字符。`,
    hint: "这么短的内容无法保证不出现在回答里。请用更长的。",
  }),
  inUse: ({ name, known }) => ({
    message: `密钥 ${name} 正在使用：${known.join("、")}。`,
    hint: "请先撤销授权，或加 --force。",
  }),
  grantName: ({ name }) => ({
    message: `“${name}”不能作为授权的名称。`,
    hint: "请使用小写字母、数字和短横线，例如 github。",
  }),
  noGrant: ({ name, group, known }) => ({
    message: `群组 ${group} 没有授权 ${name}。`,
    hint: known.length === 0 ? "查看：nanoclaw secrets list" : `它有：${known.join("、")}。`,
  }),
  notABase: ({ url }) => ({
    message: `“${url}”不是可以绑定密钥的地址。`,
    hint: "请写成 https://HOST 或 https://HOST/PATH，不带用户名、问号或 #。",
  }),
  notEncrypted: ({ url }) => ({
    message: `${url} 没有加密：传送请求的任何人都能读到密钥。`,
    hint: "请使用 https://。只有本机的服务器可以用 http://，并写明地址，例如 http://127.0.0.1:8080。",
  }),
  notAMethod: ({ method, known }) => ({
    message: `“${method}”不是 HTTP 的方法。`,
    hint: `可用：${known.join("、")}。`,
  }),
  noPath: () => ({
    message: "没有说明密钥用于哪些路径。",
    hint: "请用 --path 逐个写明，例如 --path /repos；--path / 表示那里的全部。",
  }),
  notAPath: ({ path }) => ({
    message: `“${path}”不是所有服务器都同样理解的路径。`,
    hint: "它以斜杠开头，不含 //、.. 或编码过的斜杠和点。",
  }),
  badHeader: ({ name, format }) => ({
    message: `密钥不能以“${name}: ${format}”发送。`,
    hint: "请写标头名称，或名称和值，用 {} 代表密钥：--header 'Authorization: Bearer {}'",
  }),
  badUser: () => ({ message: "用户名不能含有冒号。", hint: "只写名称：--basic USER" }),
  noModels: () => ({
    message: "没有说明密钥用于哪些模型。",
    hint: "请用 --model 逐个写明，按服务商的名称。",
  }),
  oneWay: () => ({
    message: "密钥只能以一种方式发送。",
    hint: "请在 --header、--query、--basic 和 --model-wire 中选一个。",
  }),
  brokenGrant: ({ name }) => ({
    message: `无法理解授权 ${name}，因此不使用它。`,
    hint: "请撤销后重新授权：nanoclaw secrets list",
  }),
};

import type { Translated } from "../define-words.ts";
import type { providerWords } from "../english/provider.ts";

const another = "或者用 /model 换一个模型。";

export const provider: Translated<typeof providerWords> = {
  wantsKey: ({ label, keyUrl, ...answered }) => ({
    message: `${label} 需要密钥${because(answered)}`,
    hint: `请运行 nanoclaw onboard 设置密钥，或者在对话中输入 /login。${source(keyUrl)}`,
  }),
  keyRefused: ({ label, keyUrl, ...answered }) => ({
    message: `${label} 不接受这个密钥${because(answered)}`,
    hint: `请运行 nanoclaw onboard 换一个密钥，或者在对话中输入 /login。${source(keyUrl)}`,
  }),
  forbidden: ({ label, model, ...answered }) => ({
    message: `${label} 认得这个密钥，但不允许${model === "" ? "这样做" : `它使用 ${model}`}${because(answered)}`,
    hint: `请在 ${label} 的账户里查看密钥的权限和可用地区，${another}`,
  }),
  quota: ({ label, ...answered }) => ({
    message: `${label} 的余额或消费额度已用完${because(answered)}`,
    hint: `请在 ${label} 的账户里充值或提高额度，${another}`,
  }),
  tooLong: ({ model, ...answered }) => ({
    message: `对话太长，${model} 容纳不下${because(answered)}`,
    hint: "请用 /new 开始新的对话。",
  }),
  refused: ({ label, ...answered }) => ({
    message: `${label} 拒绝回答${because(answered)}`,
    hint: `请换个说法，${another}`,
  }),
  slowDown: ({ label, seconds, ...answered }) => ({
    message: `${label} 要求放慢速度${because(answered)}`,
    hint: `请等${seconds === undefined ? "一分钟" : ` ${seconds} 秒`}再试，${another}`,
  }),
  overloaded: ({ label, ...answered }) => ({
    message: `${label} 现在太忙${because(answered)}`,
    hint: `请过几分钟再试，${another}`,
  }),
  broken: ({ label, ...answered }) => ({
    message: `${label} 出了问题${because(answered)}`,
    hint: `请过几分钟再试，${another}`,
  }),
  unknownModel: ({ label, model, ...answered }) => ({
    message: `${label} 没有 ${model} 这个模型${because(answered)}`,
    hint: "请用 /model 换一个模型，或者检查 apiBase。",
  }),
  elsewhere: ({ label, status }) => ({
    message: `${label} 让我们转到别处（${status}）；密钥不会跟着发过去。`,
    hint: "请把最终的地址写进 apiBase。",
  }),
  notUnderstood: ({ label, ...answered }) => ({
    message: `${label} 没有看懂这个请求${because(answered)}`,
    hint: "请用 /model 换一个模型，或者检查 apiBase。",
  }),
  declined: ({ model }) => ({
    message: `${model} 拒绝回答。`,
    hint: `请换个说法，${another}`,
  }),
  empty: ({ model }) => ({
    message: `${model} 给出了空的回答。`,
    hint: `请再问一次，${another}`,
  }),
  badHeader: ({ label }) => ({
    message: `${label} 的密钥或某个请求头里有无法发送的字符。`,
    hint: "请重新粘贴，不要带换行和引号。",
  }),
};

/** What the server said stays in its own language. */
function because({ status, said }: { readonly status: number; readonly said: string }): string {
  return said === "" ? `（${status}）。` : `（${status}）：${said}`;
}

function source(keyUrl: string | undefined): string {
  return keyUrl === undefined ? "" : `密钥在 ${keyUrl} 创建。`;
}

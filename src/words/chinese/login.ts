import type { Translated } from "../define-words.ts";
import type { loginWords } from "../english/login.ts";

export const login: Translated<typeof loginWords> = {
  refused: ({ label, said }) => ({
    message: `${label} 拒绝了这个密钥：${said}`,
    hint: "没有保存任何内容。请重新完整地复制密钥。",
  }),
  empty: () => ({ message: "没有收到密钥。", hint: "密钥是一个很长的词，例如 sk-or-v1-…" }),
  notAKey: () => ({ message: "这看起来不像 API 密钥。", hint: "密钥是一个很长的词，例如 sk-or-v1-…" }),
  unsendable: () => ({
    message: "这个密钥里有密钥中不会出现的字符。",
    hint: "请重新粘贴，不要带换行和引号。",
  }),
  nameless: () => ({
    message: "从这个密钥看不出它属于哪个服务商。",
    hint: "请指明服务商：--provider openai、deepseek、moonshot……",
  }),
  noLocalServer: ({ found }) => ({
    message: found === "" ? "在这台机器上没有找到模型服务器。" : `没有合适的。找到的有：${found}。`,
    hint: "请启动 Ollama、LM Studio 或 vLLM，或者给出地址：--local --api-base URL --model NAME",
  }),
  noLocalModel: ({ label }) => ({
    message: `${label} 还没有模型。`,
    hint: "请先在那里加载一个，然后再运行 nanoclaw onboard。",
  }),
  declined: () => ({
    message: "您在 OpenRouter 的页面上拒绝了登录。",
    hint: "请再次运行 nanoclaw onboard，或者改为粘贴密钥。",
  }),
  late: () => ({
    message: "没有在规定时间内完成登录。",
    hint: "请再次运行 nanoclaw onboard，或者改为粘贴密钥。",
  }),
};

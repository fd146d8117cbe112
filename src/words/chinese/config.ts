import type { Translated } from "../define-words.ts";
import type { configWords } from "../english/config.ts";

export const config: Translated<typeof configWords> = {
  invalid: ({ problems, count }) => ({
    message: count === 1 ? problems : `配置中有 ${count} 处问题。\n${problems}`,
    hint: "请改正后执行：nanoclaw config check",
  }),
  notWritten: ({ path, problems }) => ({
    message: `没有写入：改动后的 ${path} 将无法加载。\n${problems}`,
    hint: "请换一个值，或者先改正文件里已有的问题。",
  }),
  unknownProvider: ({ name, nearest, known }) => ({
    message: `未知的服务商“${name}”。${nearest === undefined ? "" : `是不是想输入 ${nearest}？`}`,
    hint: `已知的有：${known.join("、")}、demo。自定义的服务商需要设置 providers.${name}.apiBase。`,
  }),
  noModel: ({ label }) => ({
    message: `没有指定使用 ${label} 的哪个模型。`,
    hint: "请设置一个：\n  nanoclaw config set agents.defaults.model NAME",
  }),
  noAddress: ({ label, name }) => ({
    message: `不知道 ${label} 在哪里：没有设置地址。`,
    hint: `请设置：\n  nanoclaw config set providers.${name}.apiBase URL`,
  }),
  noKey: ({ label, variable }) => ({
    message: `没有 ${label} 的 API 密钥。`,
    hint: `要得到密钥：${variable === undefined ? "" : `设置 ${variable}，或者`}运行 nanoclaw onboard。不用密钥：--model demo`,
  }),
  noKeyForModel: ({ model }) => ({
    message: `没有可用于模型 ${model} 的 API 密钥。`,
    hint: "请运行 nanoclaw onboard 设置密钥，或者换用您有密钥的服务商的模型：nanoclaw status 会列出它们。",
  }),
  unknownSandbox: ({ name, known }) => ({
    message: `未知的沙箱“${name}”。`,
    hint: `已知的有：auto、${known.join("、")}。`,
  }),
};

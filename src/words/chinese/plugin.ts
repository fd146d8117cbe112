import type { Translated } from "../define-words.ts";
import type { pluginWords } from "../english/plugin.ts";

export const plugin: Translated<typeof pluginWords> = {
  notAName: ({ text }) => ({
    message: `“${text}”不是包的名称。`,
    hint: "例如：\n  nanoclaw plugins add @ai-sdk/google",
  }),
  notFetched: ({ name, said }) => ({
    message: `无法获取包 ${name}：${said}`,
    hint: "请检查名称，以及能否连上包的注册表。",
  }),
  otherBytes: ({ name, said }) => ({
    message: `收到的 ${name} 与已知的内容不符，因此没有保留任何部分：${said}`,
    hint: "您与注册表之间有人，或注册表本身，给出了别的内容。请换一个网络，或在 npm_config_registry 中换一个注册表再试。",
  }),
  notOneFile: ({ name }) => ({
    message: `无法把包 ${name} 做成一个文件。`,
    hint: "它可能需要只有 Node 才有的东西；可以换一个版本试试。",
  }),
  notLoadable: ({ name }) => ({
    message: `无法加载插件 ${name}。`,
    hint: `可以换一个版本：\n  nanoclaw plugins add ${name}@VERSION`,
  }),
  notInstalled: ({ name }) => ({
    message: `包 ${name} 还没有作为插件安装。`,
    hint: `添加它：\n  nanoclaw plugins add ${name}`,
  }),
  changed: ({ name, version }) => ({
    message: `插件 ${name} 在添加之后被改动过，因此不加载。`,
    hint: `请查明是谁改的，然后重新添加：\n  nanoclaw plugins add ${name}@${version}`,
  }),
  gone: ({ name, version, file }) => ({
    message: `插件 ${name} 不见了：无法读取 ${file}。`,
    hint: `重新添加：\n  nanoclaw plugins add ${name}@${version}`,
  }),
  notOurList: ({ path }) => ({
    message: `${path} 不是插件列表。`,
    hint: "请把它移走，再重新添加插件：\n  nanoclaw plugins add PACKAGE",
  }),
  unknown: ({ name, known }) => ({
    message: `没有插件 ${name}。`,
    hint: known.length === 0 ? "一个也没有。" : `已知的有：${known.join("、")}`,
  }),
  noPackage: ({ label, name }) => ({
    message: `${label} 没有对应的包。`,
    hint: `请指定：\n  nanoclaw config set providers.${name}.package @ai-sdk/NAME`,
  }),
  noFactory: ({ name, provider, known }) => ({
    message: `不清楚 ${name} 中由哪一个来创建服务商。`,
    hint: `请从 ${known.join("、")} 中指定一个：\n  nanoclaw config set providers.${provider}.factory NAME`,
  }),
  noModel: ({ name }) => ({
    message: `包 ${name} 没有给出我们认识的语言模型。`,
    hint: "它必须遵循 AI SDK 规范的第 2、3 或 4 版。",
  }),
  wantsSetting: ({ label, provider, said }) => ({
    message: `${label} 需要密钥或某项设置：${said}`,
    hint: `请提供：\n  nanoclaw config set providers.${provider}.apiKey -`,
  }),
  notAsked: ({ label, said }) => ({
    message: `无法向 ${label} 提问：${said}`,
    hint: "请用 /model 换一个模型，或换一个版本的包。",
  }),
};

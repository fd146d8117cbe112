import type { Phrases } from "../english/phrases.ts";

export const phrases: Phrases = {
  seeHelp: ({ line }) => `请看：${line}`,
  help: {
    about: "住在您自己机器上的个人 AI 助手。",
    usage: "用法",
    prompt: "交互对话（也可以用 claw）",
    oneShot: "一问一答",
    commands: "命令",
    flags: "选项",
    examples: "示例",
    more: "查看某个命令的详情：nanoclaw help COMMAND",
    helpFlag: "显示这份帮助。",
    summaries: {
      agent: "与助手对话：交互对话，或者一问一答。",
      onboard: "初始设置：文件夹、配置和模型。已有的内容保持不变。",
      status: "显示当前设置：文件夹、模型、服务商、沙箱、群组。",
      groups: "列出、查看和添加群组：每个群组有自己的记忆、文件和沙箱。",
      "groups list": "列出所有群组。",
      "groups show": "显示一个群组。",
      "groups add": "添加一个群组。",
      config: "读取、检查和修改配置。",
      service: "让 shell 能找到这个程序。",
      "service path": "把 nanoclaw 和 claw 链接到 PATH 中的文件夹。",
      undo: "把助手的文件恢复到之前的样子。",
      help: "显示某个命令的帮助。",
      version: "显示版本。",
    },
  },
  slash: {
    new: "开始新的对话",
    status: "显示模型、会话和共享的内容",
    model: "显示或选择模型",
    undo: "把文件恢复到之前的样子",
    stop: "停止正在进行的任务（Ctrl-C 也可以）",
    help: "显示这份帮助",
    quit: "退出（Ctrl-D 也可以）",
    moreLines: "按 Alt-Enter 或在行末输入反斜杠可以换行继续输入。",
  },
  prompt: {
    banner: "输入 /help 查看可用的命令",
    leaveAgain: "（再按一次 Ctrl-C 退出）",
    unknownCommand: ({ typed, nearest }) =>
      `未知的命令 ${typed}。${nearest === undefined ? "" : `是不是想输入 ${nearest}？`}/help 列出所有命令。`,
    newConversation: "新的对话开始了。",
    model: ({ model }) => `当前模型是 ${model}。`,
    nothingRuns: "没有正在进行的任务。",
    dropped: ({ count }) => `丢弃了排队等待的 ${count} 条输入，可以在历史记录里找到。`,
    stopping: "正在停止……",
    stopped: "已停止。",
  },
  undo: {
    question: "撤销吗？",
    nothing: "没有可以撤销的内容。",
    unchanged: "没有做任何改动。",
    looking: "正在检查文件……",
    waiting: ({ pid }) => `进程 ${pid} 正在这个群组中工作，等待它结束。`,
  },
  folder: {
    question: "允许助手查看这个文件夹吗？",
    choices: "[r] 只读 · [w] 可写 · [n] 不允许",
    answers: { read: "只读", write: "可写", none: "不允许" },
  },
  login: {
    needsModel: "NanoClaw 需要一个语言模型。从哪里获得？",
    choose: ({ count }) => `请选择 1–${count} [1]：`,
    typeNumber: ({ count }) => `请输入 1 到 ${count} 之间的数字。`,
    openRouter: "在浏览器中登录 OpenRouter",
    pasteKey: "粘贴 API 密钥",
    demo: "内置演示：离线可用，无需账户，但不是语言模型",
    local: ({ label, address, models }) => `这台机器上的 ${label}（${address}）：${listModels(models)}`,
    whichModel: "使用哪个模型？",
    whoseKey: "这是哪个服务商的密钥？",
    keyQuestion: "请粘贴密钥（不会显示）：",
    browserOpens: "浏览器会打开这个页面：",
    openYourself: "请在这台机器的浏览器中打开这个页面：",
    waiting: "正在等待您在那里登录。按 Ctrl-C 放弃。",
    answersFrom: ({ model, label }) => `现在由 ${label} 的 ${model} 回答。`,
    demoAnswers: "现在由内置演示回答。它不是语言模型。",
    keySaved: "密钥保存在 secrets.json 中。",
    unchecked: ({ reason }) => `未能验证密钥：${reason}`,
    nothingChanged: "没有做任何改动。",
  },
};

function listModels(models: readonly string[]): string {
  if (models.length === 0) return "没有加载模型";
  const more = models.length > 3 ? `等 ${models.length} 个` : "";
  return `${models.slice(0, 3).join("、")}${more}`;
}

import type { ChatPhrases } from "../english/chat-phrases.ts";
import { wellAgain } from "./well-again.ts";

export const chatPhrases: ChatPhrases = {
  failed: ({ problem }) => `无法回答。${problem}`,
  waiting: ({ problem }) => `现在无法回答。${problem}\n您的消息已经保存：一旦可以就会回答。`,
  setAside: ({ times, message }) =>
    `您的消息已被搁置：处理它时程序意外结束了 ${times} 次。要再试一次：nanoclaw messages redrive ${message}`,
  asks: ({ question }) => `助手的问题：${question}`,
  cut: "（在此中断）",
  taskMissed: ({ name, due, count, runsNow }) =>
    `任务“${name}”到时间时我没有运行（${count}，最后一次 ${due}）。${runsNow ? "现在补执行一次。" : "这次不再执行。"}`,
  taskFailed: ({ name, problem, next }) =>
    `任务“${name}”失败。${problem}${next === undefined ? "" : `\n将在 ${next} 重试。`}`,
  taskPaused: ({ id, name, group, problem }) =>
    `群组 ${group} 的任务“${name}”已暂停。${problem}\n解决后执行：nanoclaw cron resume ${id} --group ${group}`,
  wellAgain,
  ownerCanHelp: "主人可以查看原因。",
  limit: "（我到了上限，在这里停下。回复“继续”，我就接着做。）",
  limitWithoutAnswer: "我到了上限，还没有得出回答。回复“继续”，我就从这里接着做。",
  forOwner: ({ command }) => `只有主人可以在这里使用 ${command}。`,
  unknownCommand: ({ typed, nearest }) =>
    `我不认识 ${typed}。${nearest === undefined ? "" : `您是指 ${nearest} 吗？`}/help 显示我会的命令。`,
  commandSetAside: ({ command, times }) => `${command} 已被搁置：处理它时程序意外结束了 ${times} 次。`,
  youCan: "您在这里可以写：",
  calling: ({ name, isSticky }) =>
    name === undefined
      ? "我在这里回答所有消息。"
      : isSticky
        ? `写 @${name} 我就会回答，之后十分钟内您接着说的话我也会回答。`
        : `写 @${name} 我就会回答。`,
  answersNothing: "我在这里只响应命令。",
  noTasks: "还没有任务。",
  modelsKnown: ({ models }) =>
    `已知的模型，用 /model NAME 选择：\n${models.map((model) => `  ${model}`).join("\n")}`,
  asConfigured: "“/model default”恢复为配置中的模型。",
  doUndo: ({ line }) => `要执行，请写：${line}`,
  who: { owner: "主人", member: "成员", stranger: "陌生人" },
};

import type { Translated } from "../define-words.ts";
import { toAppSentences } from "./chat-app.ts";
import type { telegramWords } from "../english/telegram.ts";

export const telegram: Translated<typeof telegramWords> = {
  ...toAppSentences("Telegram", "telegram"),
  noToken: () => ({
    message: "Telegram 频道没有令牌。",
    hint: "令牌由 BotFather 提供，做法见：\n  nanoclaw channels add telegram",
  }),
  noSuchToken: () => ({
    message: "这不是 Telegram 机器人的令牌：令牌由一串数字、一个冒号和 35 个字符组成。",
    hint: "请从 BotFather 的消息里完整复制，然后执行：\n  nanoclaw channels add telegram",
  }),
  badBase: ({ address }) => ({
    message: `channels.telegram.apiBase 不是服务器地址：${address}`,
    hint: "请写成 https://HOST 或 http://HOST:PORT；若使用 Telegram 官方服务器，请删除这一行。",
  }),
  tokenRefused: ({ reason }) => ({
    message: `Telegram 不接受机器人的令牌：${reason}。`,
    hint: "请向 BotFather 索取令牌（/mybots，选择机器人，API Token），然后执行：\n  nanoclaw channels add telegram",
  }),
  otherReader: () => ({
    message: "另一个程序正在读取这个机器人的消息，而 Telegram 只把消息交给一个程序。",
    hint: "请停止另一个程序，或者为这里另建一个机器人：\n  nanoclaw channels add telegram",
  }),
  webhookRemoved: () => ({
    message: "机器人的消息以前发往一个 webhook；从现在起发到这里。",
    hint: "如果应当由另一个程序接收，请关闭这个频道：\n  nanoclaw channels remove telegram",
  }),
  fileTooLarge: ({ megabytes }) => ({
    message: `文件超过 Telegram 给机器人的上限 ${megabytes} MB。`,
    hint: "请分成几部分发送，或者放进助手可以看到的文件夹。",
  }),
};

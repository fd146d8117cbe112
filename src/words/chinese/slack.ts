import type { Translated } from "../define-words.ts";
import { toAppSentences } from "./chat-app.ts";
import type { slackWords } from "../english/slack.ts";

export const slack: Translated<typeof slackWords> = {
  ...toAppSentences("Slack", "slack"),
  noToken: () => ({
    message: "Slack 频道缺少两个令牌中的一个。",
    hint: "两个令牌都在您的应用页面里，位置见：\n  nanoclaw channels add slack",
  }),
  noBotToken: () => ({
    message: "这不是 Slack 应用的机器人令牌：它以 xoxb- 开头。",
    hint: "请从应用的 OAuth & Permissions 页面复制（Bot User OAuth Token），然后执行：\n  nanoclaw channels add slack",
  }),
  noAppToken: () => ({
    message: "这不是 Slack 的应用级令牌：它以 xapp- 开头。",
    hint: "请在应用的 Basic Information 页面生成（App-Level Tokens，权限 connections:write），然后执行：\n  nanoclaw channels add slack",
  }),
  badBase: ({ address }) => ({
    message: `channels.slack.apiBase 不是服务器地址：${address}`,
    hint: "请写成 https://HOST/api；若使用 Slack 官方服务器，请删除这一行。",
  }),
  tokenRefused: ({ token, reason }) => ({
    message: `Slack 不接受 ${token} 令牌：${reason}。`,
    hint: "请从应用页面（api.slack.com/apps）重新复制，或重新安装应用，然后执行：\n  nanoclaw channels add slack",
  }),
  saidNo: ({ reason }) => ({
    message: `Slack 拒绝了：${reason}。`,
    hint: "请用下面命令打印的清单重新创建应用并安装：\n  nanoclaw channels add slack",
  }),
  socketModeOff: () => ({
    message: "您的 Slack 应用关闭了 Socket Mode，人们写的消息到不了这里。",
    hint: "请在 api.slack.com/apps 打开应用的 Socket Mode。程序每分钟重试一次。",
  }),
  fileTooLarge: ({ megabytes }) => ({
    message: `文件超过 ${megabytes} MB，这是与 Slack 收发文件的上限。`,
    hint: "请分成几部分发送，或放进助手可以看到的文件夹。",
  }),
};

import type { Translated } from "../define-words.ts";
import { toAppSentences } from "./chat-app.ts";
import type { discordWords } from "../english/discord.ts";

export const discord: Translated<typeof discordWords> = {
  ...toAppSentences("Discord", "discord"),
  noToken: () => ({
    message: "Discord 频道没有令牌。",
    hint: "令牌来自开发者门户，做法见：\n  nanoclaw channels add discord",
  }),
  noSuchToken: () => ({
    message: "这不是 Discord 机器人的令牌：令牌由三部分组成，中间用点隔开。",
    hint: "请在应用的 Bot 页面按 Reset Token，完整复制，然后执行：\n  nanoclaw channels add discord",
  }),
  badBase: ({ address }) => ({
    message: `channels.discord.apiBase 不是服务器地址：${address}`,
    hint: "请写成 https://HOST/api/v10 或 http://HOST:PORT；若使用 Discord 官方服务器，请删除这一行。",
  }),
  badGateway: ({ address }) => ({
    message: `channels.discord.gatewayUrl 不是网关地址：${address}`,
    hint: "请写成 wss://HOST 或 ws://HOST:PORT，或者删除这一行：Discord 会告知它的网关在哪里。",
  }),
  tokenRefused: ({ reason }) => ({
    message: `Discord 不接受机器人的令牌：${reason}。`,
    hint: "请在应用的 Bot 页面按 Reset Token，然后执行：\n  nanoclaw channels add discord",
  }),
  intentsRefused: () => ({
    message: "Discord 不让机器人读取消息内容：Message Content Intent 没有打开。",
    hint: "请打开 https://discord.com/developers/applications，选择您的应用，进入 Bot，在 Privileged Gateway Intents 下打开 Message Content Intent 并保存。程序会自动再试。",
  }),
  badIntents: () => ({
    message: "Discord 不认识 channels.discord.intents 所要求的内容。",
    hint: "请从配置中删除这一行。",
  }),
  tooManyServers: () => ({
    message: "机器人所在的服务器太多（2500 个），Discord 要求使用多个连接，而本程序只打开一个。",
    hint: "请让它退出一些服务器，或者为本程序另建一个机器人：\n  nanoclaw channels add discord",
  }),
  startsUsedUp: ({ minutes }) => ({
    message: `机器人今天开始会话的次数太多，Discord 在 ${minutes} 分钟后才允许再次开始。`,
    hint: "请等待。如果另一个程序使用同一个令牌，请停止它。",
  }),
};

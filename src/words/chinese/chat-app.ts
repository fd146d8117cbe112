import type { AppSentences } from "../english/chat-app.ts";

/** As in English. */
export function toAppSentences(app: string, part: string): AppSentences {
  return {
    badProxy: () => ({
      message: `channels.${part}.proxy 不是代理地址。`,
      hint: "请写成 http://HOST:PORT 或 socks5://HOST:PORT；需要登录时在 HOST 前加上 NAME:PASSWORD@。",
    }),
    notReached: ({ reason }) => ({
      message: `无法连接 ${app}：${reason}。`,
      hint: `程序会再试。如果在防火墙后面，请设置 channels.${part}.proxy。`,
    }),
    noFile: ({ reason }) => ({
      message: `无法从 ${app} 取得文件：${reason}。`,
      hint: "请再发送一次。",
    }),
  };
}

import type { WellAgain } from "../english/well-again.ts";

export const wellAgain: WellAgain = {
  channel: ({ name, from, to }) => `渠道 ${name} 已重新连接；从 ${from} 到 ${to} 断开。`,
  model: ({ from, to }) => `模型又能回答了；从 ${from} 到 ${to} 没有回答。`,
  disk: ({ from, to }) => `磁盘又有空间了；从 ${from} 到 ${to} 是满的。`,
  chat: ({ name, from, to }) => `发往 ${name} 的回复又能送达了；从 ${from} 到 ${to} 没有送达。`,
  task: ({ name }) => `任务 ${name} 继续运行。`,
  backup: () => "每日备份恢复正常。",
  audit: () => "审计日志恢复完整。",
  config: () => "配置已恢复正常，并已生效。",
};

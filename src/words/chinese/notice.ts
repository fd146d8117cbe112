import type { Translated } from "../define-words.ts";
import type { noticeWords } from "../english/notice.ts";

export const notice: Translated<typeof noticeWords> = {
  channelDown: ({ channel, since, reason }) => ({
    message: `渠道 ${channel} 从 ${since} 起一直断开：${reason}`,
    hint: "程序会自动重试，至少每分钟一次。查看详情：\n  nanoclaw logs -n 20",
  }),
  setAside: ({ id, group, times }) => ({
    message: `群组 ${group} 的消息 ${id} 已被搁置：处理它时程序结束了 ${times} 次。`,
    hint: `查看经过，然后重试：\n  nanoclaw why ${id}\n  nanoclaw messages redrive ${id}`,
  }),
  setAsideTogether: ({ first, count, group, times }) => ({
    message: `群组 ${group} 的 ${count} 条消息（第一条是 ${first}）已被搁置：处理它们时程序结束了 ${times} 次。`,
    hint: `查看是哪些消息，然后逐条重试：\n  nanoclaw messages dead\n  nanoclaw messages redrive ${first}`,
  }),
  replyFailed: ({ chat, reason, message }) => ({
    message: `发往 ${chat} 的回复无法送达：${reason}`,
    hint: `查看本来要说的内容：\n  nanoclaw ${message === undefined ? "messages list" : `why ${message}`}`,
  }),
  taskPaused: ({ task, reason }) => ({
    message: `任务 ${task} 已暂停：${reason}`,
    hint: "查看已有的任务：\n  nanoclaw tasks list",
  }),
  away: ({ from, to }) => ({
    message: `我从 ${from} 到 ${to} 不在：程序没有运行。`,
    hint: "这期间的消息现在开始回答。如果不是人为停止的，请查看原因：\n  nanoclaw logs -n 20",
  }),
  slept: ({ from, to }) => ({
    message: `我从 ${from} 到 ${to} 不在：这台机器休眠了，或者时钟被拨快了。`,
    hint: "这期间的消息现在开始回答。要随时能联系到我，请不要让机器休眠。",
  }),
  configBroken: ({ reason }) => ({
    message: `配置有错误，仍使用之前的配置：${reason}`,
    hint: "改好后会自动重新读取。查看出错的位置：\n  nanoclaw config check",
  }),
  backupFailed: ({ reason }) => ({
    message: `每日备份失败：${reason}`,
    hint: "明天会自动重试。现在就试：\n  nanoclaw backup --daily",
  }),
};

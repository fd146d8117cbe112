import type { Translated } from "../define-words.ts";
import type { serviceWords } from "../english/service.ts";

export const service: Translated<typeof serviceWords> = {
  refused: ({ command, said }) => ({
    message: `“${command}”失败：${said}`,
    hint: "服务管理器会说明更多；对于 systemd：\n  journalctl --user -u nanoclaw -n 50",
  }),
  notInstalled: () => ({
    message: "服务没有安装。",
    hint: "安装它：\n  nanoclaw service install",
  }),
  foreignFile: ({ path }) => ({
    message: `${path} 不是 NanoClaw 写的，保持原样。`,
    hint: "请把它移走再试。",
  }),
  endedAtOnce: ({ said }) => ({
    message: `网关刚启动就结束了：${said || "没有任何说明"}`,
    hint: "请在这里启动它，看它说什么：\n  nanoclaw gateway --logs",
  }),
  startedByHand: ({ pid, next }) => ({
    message: `一个手动启动的网关正在为这个文件夹服务（进程 ${pid}），它不属于任何服务。`,
    hint: `请结束它${next === undefined ? "" : "，然后再试"}：\n  kill ${pid}${next === undefined ? "" : `\n  nanoclaw service ${next}`}`,
  }),
};

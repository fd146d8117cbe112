import type { Translated } from "../define-words.ts";
import type { gatewayWords } from "../english/gateway.ts";

export const gateway: Translated<typeof gatewayWords> = {
  runsAlready: ({ pid, folder }) => ({
    message: `已有一个网关在为 ${folder} 服务（进程 ${pid}）。`,
    hint: `请先停止它：\n  kill ${pid}`,
  }),
  portTaken: ({ host, port }) => ({
    message: `${host} 的端口 ${port} 已被另一个程序占用。`,
    hint: `请换一个端口，或者用 0 表示任意空闲端口：\n  nanoclaw config set gateway.port ${port === 65_535 ? 0 : port + 1}`,
  }),
  cannotListen: ({ host, port }) => ({
    message: `无法在 ${host}:${port} 上监听。`,
    hint: "请把 gateway.host 设为本机的地址，把 gateway.port 设为 1024 以上。",
  }),
  noMessage: ({ id }) => ({
    message: `没有编号为 ${id} 的消息。`,
    hint: "查看已有的消息：\n  nanoclaw messages list",
  }),
  notSetAside: ({ id, state }) => ({
    message: `消息 ${id} 没有被搁置：它的状态是 ${state}。`,
    hint: "只有失败或被搁置的消息才能重新发送：\n  nanoclaw messages dead",
  }),
  lost: () => ({
    message: "网关已经断开。",
    hint: "它恢复后会继续未完成的工作：nanoclaw gateway",
  }),
  silent: () => ({
    message: "正在运行的网关没有响应。",
    hint: "它可能卡住了。请查看是哪个进程，结束它，然后重新启动：\n  nanoclaw doctor",
  }),
  endedInTurn: () => ({
    message: "网关在回答中途结束了。",
    hint: "此前说过和做过的都已保留。要重新提问：\n  /retry",
  }),
  stoppedInTurn: () => ({
    message: "网关被停止，六秒之后回答仍未结束。",
    hint: "此前所说和所做的都已保留。再问一次：\n  /retry",
  }),
  otherVersion: ({ ours, theirs }) => ({
    message: `正在运行的网关使用协议版本 ${theirs}，本程序使用 ${ours}。`,
    hint: "请用本程序重新启动网关。",
  }),
};

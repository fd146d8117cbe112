import type { Translated } from "../define-words.ts";
import type { connectionWords } from "../english/connection.ts";

export const connection: Translated<typeof connectionWords> = {
  notAnAddress: ({ label }) => ({
    message: `${label} 的地址不是 URL。`,
    hint: "它的 apiBase 必须以 https:// 或 http:// 开头。",
  }),
  noLocalServer: ({ label, host }) => ({
    message: `${host} 没有响应。`,
    hint: `那里应该是 ${label}：它启动了吗？`,
  }),
  unknownHost: ({ host }) => ({
    message: `无法查到 ${host} 这个域名。`,
    hint: "这台机器联网了吗？",
  }),
  unreachable: ({ label, host, code }) => ({
    message: `无法通过 ${host} 连接到 ${label}（${code === "" ? "连接失败" : code}）。`,
    hint: "这台机器联网了吗？防火墙放行了吗？",
  }),
  proxyUnreachable: ({ proxy, variable, host }) => ({
    message: `代理 ${proxy} 没有响应，所以无法连接到 ${host}。`,
    hint: `它由 ${variable} 指定。请启动代理、改正这个变量，或者不用代理：\n  unset ${variable}`,
  }),
  proxyWantsPassword: ({ proxy, variable }) => ({
    message: `代理 ${proxy} 要求用户名和密码（407）。`,
    hint: `请写进 ${variable}：http://NAME:PASSWORD@HOST:PORT`,
  }),
  proxyRefused: ({ proxy, host, status }) => ({
    message: `代理 ${proxy} 不让我们连接 ${host}${status === "" ? "" : `（${status}）`}。`,
    hint: "请让代理的管理员放行这个主机。",
  }),
  tlsFailed: ({ host, code }) => ({
    message: `与 ${host} 的安全连接失败（${code}）。`,
    hint: "可能途中有东西替换了它的证书，或者 apiBase 应该以 http 开头。",
  }),
  untrusted: ({ host, code }) => ({
    message: `${host} 的证书不是由这台机器信任的机构签发的（${code}）。`,
    hint: "可能途中有东西替换了它。如果是您自己的证书机构，请指明它的文件：\n  export NODE_EXTRA_CA_CERTS=FILE",
  }),
  wrongHost: ({ host }) => ({
    message: `${host} 的证书上写的是别的名称。`,
    hint: "请检查 apiBase；如果没有写错，就是途中有东西在冒充它应答。",
  }),
  certificateTime: ({ host, isExpired, now }) => ({
    message: `${host} 的证书${isExpired ? "已过期" : "尚未生效"}。这台机器的时钟是 ${now}。`,
    hint: "如果时间不对，请校准时钟；否则需要服务器更换证书。",
  }),
  clockWrong: ({ host, now, theirs, isBehind }) => ({
    message: `这台机器的时钟${isBehind ? "慢了" : "快了"}：它是 ${now}，而 ${host} 是 ${theirs}，因此无法验证证书。`,
    hint: "请校准时钟。大多数系统可以执行：\n  sudo timedatectl set-ntp true",
  }),
  late: ({ label, seconds }) => ({
    message: `${label} 在 ${seconds} 秒内没有应答。`,
    hint: "它可能很忙或无法连接：请稍后再试，或者用 /model 换一个模型。",
  }),
  silent: ({ label, seconds }) => ({
    message: `${label} 已有 ${seconds} 秒没有动静。`,
    hint: "请再试一次。",
  }),
  endedEarly: ({ label }) => ({ message: `${label} 的回答没有说完就断了。`, hint: "请再试一次。" }),
  unreadable: ({ label, reason }) => ({
    message: `${label} 的回答无法读懂：${reason}。`,
    hint: "请检查 apiBase：它可能是别的东西的地址。",
  }),
};

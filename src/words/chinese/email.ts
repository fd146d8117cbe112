import type { Translated } from "../define-words.ts";
import type { emailWords } from "../english/email.ts";

export const email: Translated<typeof emailWords> = {
  noConsent: () => ({
    message: "没有打开邮箱：还没有人同意这样做。",
    hint: "邮箱的主人在这里同意，或者在配置中设置 channels.email.consentGranted：\n  nanoclaw channels add email",
  }),
  incomplete: ({ known }) => ({
    message: `无法打开邮箱：channels.email 缺少 ${known.join("、")}。`,
    hint: "以下命令会逐项询问：\n  nanoclaw channels add email",
  }),
  inTheClear: () => ({
    message: "channels.email 会以明文发送密码：smtpUseTls 和 smtpUseSsl 都是 false。",
    hint: "465 端口请设置 smtpUseSsl，587 端口请设置 smtpUseTls。",
  }),
  noAddress: ({ address }) => ({
    message: `这不是可以用来发信的邮件地址：${address}`,
    hint: "请把 channels.email.fromAddress 设为 NAME@HOST。",
  }),
  noServer: ({ text }) => ({
    message: `这不是服务器：${text}`,
    hint: "请写服务器名称，端口不同时也写上：imap.example.com:993",
  }),
  noAuthority: ({ path }) => ({
    message: `channels.email.caFile 指向的文件里没有证书：${path}`,
    hint: "请写含有“-----BEGIN CERTIFICATE-----”的文件路径，或者去掉这一行。",
  }),
  passwordRefused: ({ host, reason }) => ({
    message: `邮件服务器 ${host} 不接受用户名或密码：${reason}。`,
    hint: "许多服务商要求在账户设置里生成应用专用密码。然后执行：\n  nanoclaw channels add email",
  }),
  untrusted: ({ host, reason }) => ({
    message: `邮件服务器 ${host} 的证书不可信：${reason}。`,
    hint: "服务器名称对吗？如果证书是自签的，请保存证书并在 channels.email.caFile 中写上文件路径。",
  }),
  noTls: ({ host }) => ({
    message: `邮件服务器 ${host} 在这个端口上不支持 TLS，而明文不会发送任何内容。`,
    hint: "可用的端口：IMAP 为 993 或 143，SMTP 为 465（smtpUseSsl）或 587。",
  }),
  notReached: ({ host, reason }) => ({
    message: `无法连接邮件服务器 ${host}：${reason}。`,
    hint: "程序会再试。请检查 channels.email 中的名称和端口。",
  }),
  connectionLost: () => ({
    message: "邮件服务器不再应答。",
    hint: "程序会自动再次连接。",
  }),
  repliesAreOff: () => ({
    message: "不回复邮件：channels.email.autoReplyEnabled 为 false。",
    hint: "如需回复：\n  nanoclaw config set channels.email.autoReplyEnabled true",
  }),
  noFile: ({ reason }) => ({
    message: `无法从邮箱取得文件：${reason}。`,
    hint: "请再发一次。",
  }),
  fileTooLarge: ({ megabytes }) => ({
    message: `文件超过大多数邮件服务器允许的 ${megabytes} MB。`,
    hint: "请分开发送，或者放进助手可以看到的文件夹。",
  }),
  noMailbox: () => ({
    message: "无法读取您自己的邮箱：tools.mailbox 缺少 imapHost、imapUsername 或 imapPassword。",
    hint: "docs/channels/email.md 说明了如何授权；收回授权：\n  nanoclaw config set tools.mailbox.groups []",
  }),
  noPassword: () => ({
    message: "没有密码。",
    hint: "请输入密码，或者用 --token-stdin 通过管道传入。",
  }),
};

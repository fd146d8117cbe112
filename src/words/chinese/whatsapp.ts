import type { Translated } from "../define-words.ts";
import type { whatsappWords } from "../english/whatsapp.ts";

export const whatsapp: Translated<typeof whatsappWords> = {
  notLinked: () => ({
    message: "WhatsApp 频道没有关联任何手机。",
    hint: "这个命令会显示二维码，请用手机扫描：\n  nanoclaw channels login whatsapp",
  }),
  unlinked: () => ({
    message: "手机已解除与 NanoClaw 的关联；为它保存的数据已无用，并已清除。",
    hint: "请重新关联（WhatsApp，已关联的设备）：\n  nanoclaw channels login whatsapp",
  }),
  sessionUnreadable: () => ({
    message: "为 WhatsApp 关联保存的数据无法用所配置的密钥打开。",
    hint: "请重新关联手机：\n  nanoclaw channels login whatsapp",
  }),
  replaced: () => ({
    message: "另一个程序正在使用这个 WhatsApp 关联，而同一时间只能有一个。",
    hint: "请停止另一个程序，或者为这里单独关联：\n  nanoclaw channels login whatsapp",
  }),
  noLibrary: ({ reason }) => ({
    message: `无法加载与 WhatsApp 通信的部件：${reason}`,
    hint: "下面的命令会重新取得它，并按散列值固定：\n  nanoclaw plugins remove baileys\n  nanoclaw channels add whatsapp",
  }),
  otherLibrary: () => ({
    message: "插件 “baileys” 不是 WhatsApp 频道所用的版本。",
    hint: "请移除它；正确的版本随频道一起安装：\n  nanoclaw plugins remove baileys\n  nanoclaw channels add whatsapp",
  }),
  badAddress: ({ key, address }) => ({
    message: `channels.whatsapp.${key} 不是服务器地址：${address}`,
    hint: "若使用 WhatsApp 官方服务器，请删除这一行。",
  }),
  badProxy: () => ({
    message: "channels.whatsapp.proxy 不是代理地址。",
    hint: "请写成 http://HOST:PORT 或 socks5://HOST:PORT；需要登录时在 HOST 前加上 NAME:PASSWORD@。",
  }),
  notReached: ({ reason }) => ({
    message: `无法连接 WhatsApp：${reason}。`,
    hint: "程序会再试。这台机器必须能够访问 web.whatsapp.com 的 443 端口；如果在防火墙后面，请设置 channels.whatsapp.proxy。",
  }),
  refused: ({ code }) => ({
    message: `WhatsApp 拒绝了这个账号（${code}）。`,
    hint: "请在手机上打开 WhatsApp：它会说明账号是否受限以及期限。",
  }),
  noCode: ({ reason }) => ({
    message: `WhatsApp 现在不为这个号码提供配对码：${reason}。`,
    hint: "请检查号码及国家代码。多次尝试后请等一小时，或者改为扫描二维码：\n  nanoclaw channels login whatsapp",
  }),
  notScanned: () => ({
    message: "没有人扫描二维码或输入配对码，WhatsApp 已关闭连接。",
    hint: "请重新开始：\n  nanoclaw channels login whatsapp",
  }),
  badPhone: ({ text }) => ({
    message: `${text} 不是电话号码。`,
    hint: "请带上国家代码，例如 --phone +4915112345678。",
  }),
  noFile: ({ reason }) => ({
    message: `无法从 WhatsApp 取得文件：${reason}。`,
    hint: "请再发送一次。",
  }),
  fileTooLarge: ({ megabytes }) => ({
    message: `文件超过所接受的上限 ${megabytes} MB。`,
    hint: "请分成几部分发送，或者放进助手可以看到的文件夹。",
  }),
};

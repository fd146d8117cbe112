import { failure, type Situation } from "./case.ts";

/** Chat apps. */
export const channels: readonly Situation[] = [
  {
    id: "channels",
    title: { en: "Chat apps", zh: "聊天应用" },
    cases: [
      failure(
        "channel",
        "unknown",
        { name: "telegrm", nearest: "telegram", known: ["http", "telegram"] },
        { en: "There is no channel of that name, or not yet.", zh: "没有这个名称的频道，或者还没有。" },
      ),
      failure(
        "channel",
        "nothingToSetUp",
        { name: "http" },
        {
          en: "It is there by itself and has no token of another service.",
          zh: "它本来就有，不需要其他服务的令牌。",
        },
      ),
      failure(
        "channel",
        "notSetUp",
        { name: "telegram" },
        { en: "The configuration holds no token for it.", zh: "配置中没有它的令牌。" },
      ),
      failure(
        "channel",
        "noToken",
        { name: "telegram" },
        {
          en: "A token is typed unseen at a terminal or piped in, and never stands on a command line, where others could read it.",
          zh: "令牌只在终端里隐藏输入或通过管道传入，从不写在命令行上，因为别人可能看到。",
        },
      ),
      failure(
        "channel",
        "knowsNobody",
        { name: "email" },
        {
          en: "A code makes whoever sends it the owner; by mail anybody can write under any name.",
          zh: "配对码会让发送者成为主人；而邮件可以冒用任何人的名字。",
        },
      ),
    ],
  },
  {
    id: "slack",
    title: { en: "Slack", zh: "Slack" },
    cases: [
      failure(
        "slack",
        "noToken",
        {},
        {
          en: "The channel is on in the configuration, and one of its tokens is not there. The other channels are served all the same.",
          zh: "配置中打开了这个频道，但缺少一个令牌。其他频道照常运行。",
        },
      ),
      failure(
        "slack",
        "noBotToken",
        {},
        {
          en: "What was typed or stands in the configuration has another form: Slack gives an app several tokens.",
          zh: "输入的内容或配置中的内容格式不对：Slack 会给应用多个令牌。",
        },
      ),
      failure(
        "slack",
        "noAppToken",
        {},
        {
          en: "What was typed or stands in the configuration has another form. This token opens the connection by which messages come.",
          zh: "输入的内容或配置中的内容格式不对。这个令牌用来打开接收消息的连接。",
        },
      ),
      failure(
        "slack",
        "badBase",
        { address: "ftp://x" },
        {
          en: "It names a server that speaks Slack's Web API, and cannot be one.",
          zh: "它应当是提供 Slack Web API 的服务器地址，但不可能是。",
        },
      ),
      failure(
        "slack",
        "badProxy",
        {},
        {
          en: "It names the proxy through which Slack is reached, and cannot be one.",
          zh: "它应当是访问 Slack 所用代理的地址，但不可能是。",
        },
      ),
      failure(
        "slack",
        "tokenRefused",
        { token: "xoxb", reason: "token_revoked" },
        {
          en: "The token was revoked, or the app was taken out of the workspace. It is asked with less and less often, at last once an hour; new tokens count at once.",
          zh: "令牌已被撤销，或者应用已从工作区移除。程序会越来越少地重试，最后每小时一次；新令牌立即生效。",
        },
      ),
      failure(
        "slack",
        "saidNo",
        { reason: "missing_scope" },
        {
          en: "The app lacks a right (a scope), mostly because it was not made from the manifest, or not installed again after a change.",
          zh: "应用缺少权限（scope），多半因为不是用清单创建的，或修改后没有重新安装。",
        },
      ),
      failure(
        "slack",
        "socketModeOff",
        {},
        {
          en: "Somebody switched it off on the app's pages, or the app was never made for it.",
          zh: "有人在应用页面关闭了它，或应用从未启用它。",
        },
      ),
      failure(
        "slack",
        "notReached",
        { reason: "no connection (ECONNREFUSED)" },
        {
          en: "The network is away or closed, or Slack does not answer. What was written meanwhile is read from Slack's history when it is back.",
          zh: "网络断开或被封锁，或者 Slack 没有回应。恢复后会从 Slack 的历史记录读取期间的消息。",
        },
      ),
      failure(
        "slack",
        "noFile",
        { reason: "HTTP 404" },
        {
          en: "The file is gone, the bot may not read files, or the connection was lost. The assistant is told, and the message is answered all the same.",
          zh: "文件已不存在、机器人无权读取文件，或者连接中断。助手会得知此事，消息照常得到回答。",
        },
      ),
      failure(
        "slack",
        "fileTooLarge",
        { megabytes: 50 },
        {
          en: "More is not held in memory on its way.",
          zh: "传输途中不会在内存中保留更大的文件。",
        },
      ),
    ],
  },
  {
    id: "telegram",
    title: { en: "Telegram", zh: "Telegram" },
    cases: [
      failure(
        "telegram",
        "noToken",
        {},
        {
          en: "The channel is on in the configuration, and its token is not there. The other channels are served all the same.",
          zh: "配置中打开了这个频道，但没有令牌。其他频道照常运行。",
        },
      ),
      failure(
        "telegram",
        "noSuchToken",
        {},
        {
          en: "What was typed or stands in the configuration has another form than a bot's token.",
          zh: "输入的内容或配置中的内容不是机器人令牌的格式。",
        },
      ),
      failure(
        "telegram",
        "badBase",
        { address: "ftp://x" },
        {
          en: "It names a Bot API server of your own, and cannot be one.",
          zh: "它应当是您自己的 Bot API 服务器的地址，但不可能是。",
        },
      ),
      failure(
        "telegram",
        "badProxy",
        {},
        {
          en: "It names the proxy through which Telegram is reached, and cannot be one.",
          zh: "它应当是访问 Telegram 所用代理的地址，但不可能是。",
        },
      ),
      failure(
        "telegram",
        "tokenRefused",
        { reason: "Unauthorized" },
        {
          en: "The token was revoked, or the bot was deleted. It is asked with less and less often, at last once an hour; a new token counts at once.",
          zh: "令牌已被撤销，或者机器人已被删除。程序会越来越少地重试，最后每小时一次；新令牌立即生效。",
        },
      ),
      failure(
        "telegram",
        "otherReader",
        {},
        {
          en: "Two programs with one token take each other's messages away. Telegram ends the older question when a newer one comes.",
          zh: "两个程序用同一个令牌会互相抢走消息。新的查询到来时，Telegram 会结束旧的查询。",
        },
      ),
      failure(
        "telegram",
        "webhookRemoved",
        {},
        {
          en: "The bot was used by a program that is called by Telegram. Both ways at once are not possible; what waited there is kept.",
          zh: "这个机器人曾被一个由 Telegram 主动调用的程序使用。两种方式不能同时存在；等待中的消息会保留。",
        },
      ),
      failure(
        "telegram",
        "notReached",
        { reason: "no connection (ECONNREFUSED)" },
        {
          en: "The network is away or closed, or Telegram does not answer. Messages wait at Telegram for a day and come when it is back.",
          zh: "网络断开或被封锁，或者 Telegram 没有回应。消息会在 Telegram 等待一天，恢复后送达。",
        },
      ),
      failure(
        "telegram",
        "noFile",
        { reason: "Bad Request: wrong file_id" },
        {
          en: "The file is gone, or the connection was lost. The assistant is told, and the message is answered all the same.",
          zh: "文件已不存在，或者连接中断。助手会得知此事，消息照常得到回答。",
        },
      ),
      failure(
        "telegram",
        "fileTooLarge",
        { megabytes: 20 },
        {
          en: "Telegram's own limit for bots.",
          zh: "这是 Telegram 对机器人的限制。",
        },
      ),
    ],
  },
  {
    id: "discord",
    title: { en: "Discord", zh: "Discord" },
    cases: [
      failure(
        "discord",
        "noToken",
        {},
        {
          en: "The channel is on in the configuration, and its token is not there. The other channels are served all the same.",
          zh: "配置中打开了这个频道，但没有令牌。其他频道照常运行。",
        },
      ),
      failure(
        "discord",
        "noSuchToken",
        {},
        {
          en: "What was typed or stands in the configuration has another form than a bot's token; the client secret and the public key are none.",
          zh: "输入的内容或配置中的内容不是机器人令牌的格式；Client Secret 和 Public Key 都不是令牌。",
        },
      ),
      failure(
        "discord",
        "badBase",
        { address: "ftp://x" },
        {
          en: "It names a server of your own that speaks Discord's protocol, and cannot be one.",
          zh: "它应当是您自己的、使用 Discord 协议的服务器的地址，但不可能是。",
        },
      ),
      failure(
        "discord",
        "badGateway",
        { address: "http://x" },
        {
          en: "It names the gateway that events come from, and cannot be one.",
          zh: "它应当是接收事件的网关的地址，但不可能是。",
        },
      ),
      failure(
        "discord",
        "badProxy",
        {},
        {
          en: "It names the proxy through which Discord is reached, and cannot be one.",
          zh: "它应当是访问 Discord 所用代理的地址，但不可能是。",
        },
      ),
      failure(
        "discord",
        "tokenRefused",
        { reason: "Unauthorized" },
        {
          en: "The token was reset, or the bot was deleted. It is asked with less and less often, at last once an hour; a new token counts at once.",
          zh: "令牌已被重置，或者机器人已被删除。程序会越来越少地重试，最后每小时一次；新令牌立即生效。",
        },
      ),
      failure(
        "discord",
        "intentsRefused",
        {},
        {
          en: "Discord shows a bot the words of messages only when its owner has allowed it to, in the developer portal. It costs nothing and needs no approval below 100 servers.",
          zh: "只有所有者在开发者门户中允许后，Discord 才向机器人显示消息内容。在 100 个服务器以下不需要审批，也不收费。",
        },
      ),
      failure(
        "discord",
        "badIntents",
        {},
        {
          en: "The number asks for kinds of events that do not exist.",
          zh: "这个数字要求了不存在的事件类型。",
        },
      ),
      failure(
        "discord",
        "tooManyServers",
        {},
        {
          en: "Discord splits the events of such bots over several connections; a personal assistant is in a handful of servers.",
          zh: "Discord 会把这类机器人的事件分到多个连接；个人助手只在少数服务器中。",
        },
      ),
      failure(
        "discord",
        "startsUsedUp",
        { minutes: 90 },
        {
          en: "Discord lets a bot begin about 1,000 sessions a day, and resets its token when it goes beyond. Sessions that are resumed do not count; a program that is started again and again with one token elsewhere does.",
          zh: "Discord 每天允许机器人开始大约 1000 次会话，超过后会重置令牌。恢复的会话不计数；另一个使用同一令牌、反复启动的程序会计数。",
        },
      ),
      failure(
        "discord",
        "notReached",
        { reason: "no connection (ECONNREFUSED)" },
        {
          en: "The network is away or closed, or Discord does not answer. What is written meanwhile is fetched when it is back.",
          zh: "网络断开或被封锁，或者 Discord 没有回应。期间写的消息会在恢复后取回。",
        },
      ),
      failure(
        "discord",
        "noFile",
        { reason: "Unknown Message" },
        {
          en: "The message was deleted, or the connection was lost. The assistant is told, and the message is answered all the same.",
          zh: "消息已被删除，或者连接中断。助手会得知此事，消息照常得到回答。",
        },
      ),
    ],
  },
  {
    id: "whatsapp",
    title: { en: "WhatsApp", zh: "WhatsApp" },
    cases: [
      failure(
        "whatsapp",
        "notLinked",
        {},
        {
          en: "The channel is on, and no telephone was linked, or its link did not stand before the terminal was closed.",
          zh: "频道已打开，但没有关联手机，或者在关联完成之前终端就关闭了。",
        },
      ),
      failure(
        "whatsapp",
        "unlinked",
        {},
        {
          en: "Somebody took the device out of WhatsApp's list, the telephone was away for more than two weeks, or WhatsApp did it. Nothing can be sent or read with what was kept.",
          zh: "有人在 WhatsApp 的列表中移除了这个设备，或手机离线超过两周，或由 WhatsApp 移除。保存的数据已无法收发消息。",
        },
      ),
      failure(
        "whatsapp",
        "sessionUnreadable",
        {},
        {
          en: "A row of the database was changed, or brought back without its key.",
          zh: "数据库中的一行被改动，或恢复时缺少它的密钥。",
        },
      ),
      failure(
        "whatsapp",
        "replaced",
        {},
        {
          en: "A second gateway runs with a copy of this data folder. Each connection ends the other's, so we wait ten minutes before the next.",
          zh: "另一个网关使用了这个数据文件夹的副本。两个连接会互相中断，所以十分钟后才再试。",
        },
      ),
      failure(
        "whatsapp",
        "noLibrary",
        { reason: 'The package "baileys" is not installed as a plugin.' },
        {
          en: "The protocol's library is no part of the program: it is a plugin, whose bytes must be those that were added.",
          zh: "协议库不是程序的一部分，而是一个插件，其内容必须与添加时一致。",
        },
      ),
      failure(
        "whatsapp",
        "otherLibrary",
        {},
        {
          en: "A plugin of that name was added by hand, in a version that lacks what the channel uses.",
          zh: "手动添加了同名插件，其版本缺少频道所需的功能。",
        },
      ),
      failure(
        "whatsapp",
        "badAddress",
        { key: "socketUrl", address: "web.whatsapp.com" },
        {
          en: "It is set, and is no `wss://` or `https://` address.",
          zh: "它已设置，但不是 `wss://` 或 `https://` 地址。",
        },
      ),
      failure(
        "whatsapp",
        "badProxy",
        {},
        {
          en: "It names the proxy through which WhatsApp is reached, and cannot be one.",
          zh: "它应当是访问 WhatsApp 所用代理的地址，但不可能是。",
        },
      ),
      failure(
        "whatsapp",
        "notReached",
        { reason: "Connection Failure (503)" },
        {
          en: "The network is down, a firewall is in the way, or WhatsApp has a bad hour. What was written meanwhile comes when the connection stands.",
          zh: "网络中断、防火墙阻挡，或 WhatsApp 暂时故障。其间写下的消息会在连接恢复后到达。",
        },
      ),
      failure(
        "whatsapp",
        "refused",
        { code: 403 },
        {
          en: "WhatsApp restricts or bans accounts that programs write with. We ask every ten minutes at most.",
          zh: "WhatsApp 会限制或封禁由程序使用的账号。我们最多每十分钟再试一次。",
        },
      ),
      failure(
        "whatsapp",
        "noCode",
        { reason: "rate-overlimit 429" },
        {
          en: "WhatsApp knows no account with this number, or it was asked for a code too often.",
          zh: "WhatsApp 没有这个号码的账号，或请求配对码过于频繁。",
        },
      ),
      failure(
        "whatsapp",
        "notScanned",
        {},
        {
          en: "The picture changes a few times, and after some minutes WhatsApp ends the attempt.",
          zh: "二维码会更换几次，几分钟后 WhatsApp 结束这次尝试。",
        },
      ),
      failure(
        "whatsapp",
        "badPhone",
        { text: "0151 12345678" },
        {
          en: "The number has no country, or holds letters.",
          zh: "号码缺少国家代码，或含有字母。",
        },
      ),
      failure(
        "whatsapp",
        "noFile",
        { reason: "WhatsApp no longer keeps it" },
        {
          en: "WhatsApp keeps a file for about two weeks; what arrives must be what was sent, byte for byte.",
          zh: "WhatsApp 大约保存文件两周；收到的内容必须与发送时逐字节一致。",
        },
      ),
      failure(
        "whatsapp",
        "fileTooLarge",
        { megabytes: 64 },
        {
          en: "A file is held in memory while it is decrypted and proven.",
          zh: "文件在解密和校验时保存在内存中。",
        },
      ),
    ],
  },
];

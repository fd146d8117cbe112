import { failure, type Situation } from "./case.ts";

/** A mailbox of the assistant's own, and the owner's. */
export const email: Situation = {
  id: "email",
  title: { en: "Email", zh: "电子邮件" },
  cases: [
    failure(
      "email",
      "noConsent",
      {},
      {
        en: "The channel is on, and nobody said yes to its mailbox being read and written from. Until then not even a connection is made.",
        zh: "频道已打开，但还没有人同意读取这个邮箱并从中发信。在此之前连接都不会建立。",
      },
    ),
    failure(
      "email",
      "incomplete",
      { known: ["imapHost", "smtpHost"] },
      {
        en: "A mailbox needs a server to read from, one to send by, a name and a password.",
        zh: "邮箱需要收信服务器、发信服务器、用户名和密码。",
      },
    ),
    failure(
      "email",
      "inTheClear",
      {},
      {
        en: "Without TLS everybody on the way reads the password and every mail.",
        zh: "没有 TLS，途经的任何人都能看到密码和所有邮件。",
      },
    ),
    failure(
      "email",
      "noAddress",
      { address: "nano" },
      { en: "An address is a name, an @ and a host.", zh: "邮件地址由名称、@ 和主机组成。" },
    ),
    failure(
      "email",
      "noServer",
      { text: "imap .example" },
      {
        en: "The wizard asked for a server and got something else.",
        zh: "向导询问的是服务器，输入的却是别的内容。",
      },
    ),
    failure(
      "email",
      "noAuthority",
      { path: "/etc/own.pem" },
      {
        en: "The file that was to say whose certificates are trusted is not there, or holds none.",
        zh: "用来说明信任谁的证书的文件不存在，或者其中没有证书。",
      },
    ),
    failure(
      "email",
      "passwordRefused",
      { host: "imap.example.com", reason: "Authentication failed." },
      {
        en: "It was changed, or the provider wants an app password. It is tried again once a minute; a new one counts at once.",
        zh: "密码已更改，或者服务商要求应用专用密码。程序每分钟再试一次；新密码立即生效。",
      },
    ),
    failure(
      "email",
      "untrusted",
      { host: "imap.example.com", reason: "DEPTH_ZERO_SELF_SIGNED_CERT" },
      {
        en: "Somebody may stand between here and the server, or it signs its own certificate. No password was sent.",
        zh: "途中可能有人冒充服务器，或者证书是自签的。密码没有发送。",
      },
    ),
    failure(
      "email",
      "noTls",
      { host: "imap.example.com" },
      {
        en: "The server offers no STARTTLS, or somebody on the way took it out. No password was sent.",
        zh: "服务器不支持 STARTTLS，或者途中有人将其去掉。密码没有发送。",
      },
    ),
    failure(
      "email",
      "notReached",
      { host: "imap.example.com", reason: "ECONNREFUSED" },
      {
        en: "The network is away, or the name or port is wrong. Mails wait on the server and are read when it is back.",
        zh: "网络断开，或者名称、端口有误。邮件留在服务器上，恢复后读取。",
      },
    ),
    failure(
      "email",
      "connectionLost",
      {},
      {
        en: "The server closed the connection, or a router on the way forgot it. That is noticed within five minutes.",
        zh: "服务器关闭了连接，或者途中的路由器丢弃了它。五分钟内会发现。",
      },
    ),
    failure(
      "email",
      "repliesAreOff",
      {},
      {
        en: "Mails are read and nothing is sent in answer; what the assistant sends by itself still goes.",
        zh: "邮件会被读取，但不会回复；助手主动发送的仍会发出。",
      },
    ),
    failure(
      "email",
      "noFile",
      { reason: "the mail is no longer there" },
      {
        en: "The mail was moved or deleted before the file was fetched. It is answered all the same.",
        zh: "在取得文件之前，邮件已被移动或删除。邮件照常得到回答。",
      },
    ),
    failure(
      "email",
      "fileTooLarge",
      { megabytes: 20 },
      { en: "Most mail servers refuse what is larger.", zh: "大多数邮件服务器会拒绝更大的文件。" },
    ),
    failure(
      "email",
      "noMailbox",
      {},
      {
        en: "A group may read your mailbox, and nothing says where it is.",
        zh: "某个群组获准读取您的邮箱，但没有配置邮箱的位置。",
      },
    ),
    failure(
      "email",
      "noPassword",
      {},
      { en: "An empty line was typed or piped in.", zh: "输入或通过管道传入的是空行。" },
    ),
  ],
};

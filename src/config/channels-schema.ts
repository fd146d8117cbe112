import * as v from "valibot";
import { flag, maybeText, oneOf, secret, section, text, texts, whole } from "./fields.ts";

/** The chat apps. Every key of the reference file is here, also where its channel does not exist yet. */
export function channels() {
  return section({
    /** JSON and server-sent events, at the gateway's own address. */
    http: section({ enabled: flag(true) }),
    whatsapp: section({
      enabled: flag(false),
      bridgeUrl: text("ws://localhost:3001"),
      bridgeToken: secret(),
      /** Seals what is kept of the link with the telephone; made when it is linked. */
      token: secret(),
      allowFrom: allowFrom(),
      /** `http://` or `socks5://`. */
      proxy: maybeText(),
      /** Servers of one's own, for tests. */
      socketUrl: text("wss://web.whatsapp.com/ws/chat"),
      mediaUrl: text("https://mmg.whatsapp.net"),
    }),
    telegram: section({
      enabled: flag(false),
      token: secret(),
      allowFrom: allowFrom(),
      /** `http://` or `socks5://`. */
      proxy: maybeText(),
      /** A Bot API server of one's own. */
      apiBase: text("https://api.telegram.org"),
      /** Each topic of a forum is a chat of its own. */
      separateTopics: flag(false),
    }),
    discord: section({
      enabled: flag(false),
      token: secret(),
      allowFrom: allowFrom(),
      /** `http://` or `socks5://`. */
      proxy: maybeText(),
      /** Of a server of one's own that speaks as Discord does. */
      apiBase: text("https://discord.com/api/v10"),
      gatewayUrl: text("wss://gateway.discord.gg/?v=10&encoding=json"),
      /** What is heard: servers, messages and reactions, there and in private, with their words. */
      intents: whole(46_593, 0, 2 ** 31),
      /** Each thread is a chat of its own. */
      separateThreads: flag(false),
    }),
    feishu: section({
      enabled: flag(false),
      appId: text(""),
      appSecret: secret(),
      encryptKey: secret(),
      verificationToken: secret(),
      allowFrom: allowFrom(),
    }),
    mochat: mochat(),
    dingtalk: section({
      enabled: flag(false),
      clientId: text(""),
      clientSecret: secret(),
      allowFrom: allowFrom(),
    }),
    email: email(),
    slack: slack(),
    qq: section({ enabled: flag(false), appId: text(""), secret: secret(), allowFrom: allowFrom() }),
  });
}

function mochat() {
  return section({
    enabled: flag(false),
    baseUrl: text("https://mochat.io"),
    socketUrl: text(""),
    socketPath: text("/socket.io"),
    socketDisableMsgpack: flag(false),
    socketReconnectDelayMs: milliseconds(1000),
    socketMaxReconnectDelayMs: milliseconds(10_000),
    socketConnectTimeoutMs: milliseconds(10_000),
    refreshIntervalMs: milliseconds(30_000),
    watchTimeoutMs: milliseconds(25_000),
    watchLimit: whole(100, 1, 10_000),
    retryDelayMs: milliseconds(500),
    maxRetryAttempts: whole(0, 0, 1_000_000),
    clawToken: secret(),
    agentUserId: text(""),
    sessions: texts([]),
    panels: texts([]),
    allowFrom: allowFrom(),
    mention: section({ requireInGroups: flag(false) }),
    groups: v.optional(v.record(v.string(), v.strictObject({ requireMention: flag(false) })), {}),
    replyDelayMode: oneOf(["off", "non-mention"], "non-mention"),
    replyDelayMs: milliseconds(120_000),
  });
}

function email() {
  return section({
    enabled: flag(false),
    consentGranted: flag(false),
    imapHost: text(""),
    imapPort: port(993),
    imapUsername: text(""),
    imapPassword: secret(),
    imapMailbox: text("INBOX"),
    imapUseSsl: flag(true),
    smtpHost: text(""),
    smtpPort: port(587),
    smtpUsername: text(""),
    smtpPassword: secret(),
    smtpUseTls: flag(true),
    smtpUseSsl: flag(false),
    fromAddress: text(""),
    autoReplyEnabled: flag(true),
    pollIntervalSeconds: whole(30, 5, 86_400),
    markSeen: flag(true),
    maxBodyChars: whole(12_000, 1, 10_000_000),
    subjectPrefix: text("Re: "),
    /** Of whoever signs the servers' certificates, where no public authority does. */
    caFile: text(""),
    /** Each thread of mails is a chat of its own. */
    separateThreads: flag(false),
    /** Addresses, or `@example.com` for all of a domain. */
    allowFrom: allowFrom(),
  });
}

function slack() {
  return section({
    enabled: flag(false),
    mode: oneOf(["socket"], "socket"),
    webhookPath: text("/slack/events"),
    botToken: secret(),
    appToken: secret(),
    apiBase: text("https://slack.com/api"),
    proxy: v.optional(v.nullable(v.string()), null),
    userTokenReadOnly: flag(true),
    replyInThread: flag(true),
    separateThreads: flag(false),
    reactEmoji: text("eyes"),
    groupPolicy: oneOf(["mention", "open", "allowlist"], "mention"),
    groupAllowFrom: texts([]),
    dm: section({
      enabled: flag(true),
      policy: oneOf(["open", "allowlist"], "allowlist"),
      allowFrom: allowFrom(),
    }),
  });
}

/** Who may write on a channel. An empty list is nobody; `"*"` is everybody. */
function allowFrom() {
  return texts([]);
}

function port(fallback: number) {
  return whole(fallback, 1, 65_535);
}

function milliseconds(fallback: number) {
  return whole(fallback, 0, 86_400_000);
}

import { failure, type Situation } from "./case.ts";

/** What the program tells of itself. */
export const notices: readonly Situation[] = [
  {
    id: "notices",
    title: { en: "What it tells by itself", zh: "程序主动报告的情况" },
    cases: [
      failure(
        "notice",
        "channelDown",
        { channel: "telegram", since: "02:10", reason: "the connection was refused" },
        {
          en: "For ten minutes the platform could not be reached, or did not take the key.",
          zh: "十分钟内无法连接该平台，或者平台不接受密钥。",
        },
      ),
      failure(
        "notice",
        "setAside",
        { id: 17, group: "family", times: 3 },
        {
          en: "So that one message cannot keep the program from answering the others.",
          zh: "这样一条消息就不会妨碍程序回答其他消息。",
        },
      ),
      failure(
        "notice",
        "setAsideTogether",
        { first: 17, count: 20, group: "family", times: 3 },
        {
          en: "They had been taken up together, so nobody knows over which of them the program ended.",
          zh: "它们是一起处理的，所以无法知道程序是因为哪一条而结束的。",
        },
      ),
      failure(
        "notice",
        "replyFailed",
        { chat: "telegram Family", reason: "the bot was removed from the chat", message: 17 },
        {
          en: "The platform refused it, or could not be reached for a day. Said once for a chat, until its replies arrive again.",
          zh: "平台拒绝了它，或者一天都无法连接。每个聊天只报告一次，直到回复又能送达。",
        },
      ),
      failure(
        "notice",
        "taskPaused",
        { task: "morning news", reason: "it failed five times in a row" },
        { en: "It would only fail again.", zh: "继续运行也只会再次失败。" },
      ),
      failure(
        "notice",
        "away",
        { from: "02:10", to: "08:40" },
        {
          en: "The program or the machine ended without being told to, or was halted, for more than ten minutes.",
          zh: "程序或机器意外停止或被挂起，超过十分钟。",
        },
      ),
      failure(
        "notice",
        "slept",
        { from: "02:10", to: "08:40" },
        {
          en: "The clock went on by more than ten minutes while the program stood still.",
          zh: "程序静止期间，时钟走了十分钟以上。",
        },
      ),
      failure(
        "notice",
        "configBroken",
        { reason: "config.json:3:5: Unknown key." },
        {
          en: "`config.json` or `secrets.json` was changed while the gateway ran, and cannot be read as it is now.",
          zh: "网关运行期间，`config.json` 或 `secrets.json` 被改动，现在的内容无法读取。",
        },
      ),
      failure(
        "notice",
        "backupFailed",
        { reason: "The disk is full." },
        { en: "What the backup itself said stands there.", zh: "原因就是备份程序给出的那句话。" },
      ),
    ],
  },
];

import type { FactPhrases } from "../english/fact-phrases.ts";

export const factPhrases: FactPhrases = {
  group: "群组",
  session: "会话",
  entries: ({ session, entries }) => `${session}，${entries} 条`,
  model: "模型",
  tokens: "token",
  inAndOut: ({ sent, received }) => `送出 ${sent}，收到 ${received}`,
  sandbox: "沙箱",
  shared: "共享",
  canRead: "读取",
  canWrite: "读写",
  nothing: "无",
  name: "名字",
  role: "身份",
  id: "ID",
  chat: "聊天",
  now: "现在",
  atWork: "正在工作",
  idle: "没有正在进行的任务",
};

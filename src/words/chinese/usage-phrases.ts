import type { UsagePhrases } from "../english/usage-phrases.ts";

export const usagePhrases: UsagePhrases = {
  turn: "上一轮",
  session: "这个对话",
  today: "今天",
  total: "总计",
  tokens: ({ sent, received, cachedPercent }) =>
    `送出 ${sent}，收到 ${received}${cachedPercent === 0 ? "" : `，${cachedPercent}% 来自缓存`}`,
  budget: "今天还剩",
  left: ({ tokens, dollars }) => `${tokens} 个词元，有价格的模型 $${dollars.toFixed(2)}`,
  usedUp: "用完了：午夜之后继续",
};

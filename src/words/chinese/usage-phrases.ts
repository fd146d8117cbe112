import { toMoney, type UsagePhrases } from "../english/usage-phrases.ts";

export const usagePhrases: UsagePhrases = {
  turn: "上一轮",
  session: "这个对话",
  today: "今天",
  total: "总计",
  tokens: ({ sent, received, cachedPercent, cacheWrites, dollars }) =>
    [
      `送出 ${sent}`,
      `收到 ${received}`,
      ...(cachedPercent === 0 ? [] : [`${cachedPercent}% 来自缓存`]),
      ...(cacheWrites === 0 ? [] : [`写入缓存 ${cacheWrites}`]),
      ...(dollars === undefined ? [] : [toMoney(dollars)]),
    ].join("，"),
  conversations: "对话",
  heads: {
    calls: "次数",
    sent: "送出",
    received: "收到",
    cacheRead: "来自缓存",
    cacheWrite: "写入缓存",
    cost: "费用",
  },
  nothing: "还没有调用过模型。",
  budget: "今天还剩",
  left: ({ tokens, dollars, unpriced }) =>
    `$${dollars.toFixed(2)}，没有价格的模型${unpriced.length === 0 ? "" : `（${unpriced.join("、")}，见 limits.prices）`} ${tokens} 个词元`,
  usedUp: "用完了：午夜之后继续",
};

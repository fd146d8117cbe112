import type { Translated } from "../define-words.ts";
import type { channelWords } from "../english/channel.ts";

export const channel: Translated<typeof channelWords> = {
  unknown: ({ name, nearest, known }) => ({
    message: `没有名为“${name}”的频道${nearest === undefined ? "" : `；您是想输入“${nearest}”吗？`}`,
    hint: `已知的频道：${known.join("、")}。`,
  }),
  nothingToSetUp: ({ name }) => ({
    message: `频道 ${name} 不需要设置。`,
    hint: `关闭或打开它：\n  nanoclaw config set channels.${name}.enabled false`,
  }),
  notSetUp: ({ name }) => ({
    message: `频道 ${name} 还没有设置。`,
    hint: `设置它：\n  nanoclaw channels add ${name}`,
  }),
  noToken: ({ name }) => ({
    message: "这里没有人能输入令牌，也没有通过管道传入。",
    hint: `请通过管道传入：\n  pass show bot | nanoclaw channels add ${name} --token-stdin`,
  }),
  knowsNobody: ({ name }) => ({
    message: `${name} 没有配对码：在那里无法证明谁是主人。`,
    hint: "请在能确认发信人的聊天应用里成为主人：\n  nanoclaw channels add telegram",
  }),
};

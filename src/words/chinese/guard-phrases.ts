import type { GuardPhrases } from "../english/guard-phrases.ts";

export const guardPhrases: GuardPhrases = {
  secretStruck: ({ secret, group }) =>
    `密钥 ${secret} 差点被写进群组 ${group} 的聊天。我已经把它涂掉，那里没有人读到。请想一想它是怎么泄露的；说不清的话，就换掉它。`,
  secretInFile: ({ secret, group }) =>
    `一个含有密钥 ${secret} 的文件差点被发送到 ${group} 的聊天里。我没有发送。请想一想它是怎么泄露的，如果说不清，就换掉它。`,
  slowDown: ({ limit }) => `一分钟内超过了 ${limit} 条消息，不会全部回答。请过一分钟再写。`,
  enoughToday: ({ limit }) => `您今天已经问了 ${limit} 次，这是每人每天的上限。午夜之后再回答。`,
  groupEnoughToday: ({ limit }) => `今天在这个群组已经回答了 ${limit} 次，这是每天的上限。午夜之后再回答。`,
  botsStopped: ({ chat, rounds }) =>
    `在 ${chat} 里，一个程序和我已经互相回答了 ${rounds} 次：我停下了，有人在那里说话时再继续。要改次数：nanoclaw config set limits.botRounds 数字`,
  overBudget: ({ problem }) => `今天这里不再回答。${problem}`,
};

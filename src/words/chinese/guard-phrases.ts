import type { GuardPhrases } from "../english/guard-phrases.ts";

export const guardPhrases: GuardPhrases = {
  secretStruck: ({ secret, group }) =>
    `密钥 ${secret} 差点被写进群组 ${group} 的聊天。我已经把它涂掉，那里没有人读到。请想一想它是怎么泄露的；说不清的话，就换掉它。`,
};

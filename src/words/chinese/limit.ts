import type { Translated } from "../define-words.ts";
import type { limitWords } from "../english/limit.ts";

export const limit: Translated<typeof limitWords> = {
  groupBudget: ({ group, spent, limit: most, key }) => ({
    message: `群组 ${group} 今天的额度用完了：${spent}，上限 ${most}。`,
    hint: `午夜之后继续。要提高额度：nanoclaw config set limits.${key} 数字`,
  }),
  sharedBudget: ({ spent, limit: most, key }) => ({
    message: `main 以外的群组今天共用的额度用完了：${spent}，上限 ${most}。`,
    hint: `午夜之后继续。要提高额度：nanoclaw config set limits.${key} 数字，或者少留一些给 main：limits.mainPercent`,
  }),
  dayBudget: ({ spent, limit: most, key }) => ({
    message: `今天的额度用完了：${spent}，上限 ${most}。`,
    hint: `午夜之后继续。要提高额度：nanoclaw config set limits.${key} 数字`,
  }),
};

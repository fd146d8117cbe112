import { defineWords } from "../define-words.ts";

interface Budget {
  readonly spent: string;
  readonly limit: string;
  /** Of the configuration, below `limits`. */
  readonly key: string;
}

/** Why no model is asked any more today. */
export const limitWords = defineWords("limit", {
  groupBudget: ({ group, spent, limit, key }: Budget & { group: string }) => ({
    message: `The group ${group} has used up its day: ${spent} of ${limit}.`,
    hint: `It goes on after midnight. To raise it: nanoclaw config set limits.${key} NUMBER`,
  }),
  sharedBudget: ({ spent, limit, key }: Budget) => ({
    message: `All groups but main have used up their share of the day: ${spent} of ${limit}.`,
    hint: `They go on after midnight. To raise it: nanoclaw config set limits.${key} NUMBER, or give main less of it: limits.mainPercent`,
  }),
  dayBudget: ({ spent, limit, key }: Budget) => ({
    message: `The day's budget is used up: ${spent} of ${limit}.`,
    hint: `It goes on after midnight. To raise it: nanoclaw config set limits.${key} NUMBER`,
  }),
});

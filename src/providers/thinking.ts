/** How hard a model is to think before it answers; a number is a budget in tokens. */
export type Thinking = "off" | Effort | number;

export type Effort = "low" | "medium" | "high";

/** For a server that knows only steps. */
export function toEffort(thinking: Effort | number): Effort {
  if (typeof thinking !== "number") return thinking;
  return thinking < budgets.medium ? "low" : thinking < budgets.high ? "medium" : "high";
}

/** For a server that knows only tokens. */
export function toBudget(thinking: Effort | number): number {
  return typeof thinking === "number" ? thinking : budgets[thinking];
}

/** Everywhere thinking counts as part of the answer: without more room it would eat up what is to be said. */
export function withRoomToThink(maxTokens: number, thinking: Thinking | undefined): number {
  return thinking === undefined || thinking === "off" ? maxTokens : maxTokens + toBudget(thinking);
}

/** What a person wrote on the command line; `undefined` for what means nothing. */
export function parseThinking(text: string): Thinking | undefined {
  switch (text) {
    case "off":
    case "low":
    case "medium":
    case "high":
      return text;
    default: {
      const budget = /^\d+$/.test(text) ? Number(text) : 0;
      return budget >= leastBudget && budget <= mostBudget ? budget : undefined;
    }
  }
}

/** Anthropic takes no smaller one. */
const leastBudget = 1024;
const mostBudget = 1_000_000;

const budgets: Readonly<Record<Effort, number>> = { low: 2048, medium: 8192, high: 24_576 };

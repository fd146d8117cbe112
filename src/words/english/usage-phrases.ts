/** How many tokens there were, and what may still be used today. */
export interface UsagePhrases {
  readonly turn: string;
  readonly session: string;
  readonly today: string;
  readonly total: string;
  /** `dollars`: where a price is known. */
  readonly tokens: (facts: {
    sent: number;
    received: number;
    cachedPercent: number;
    cacheWrites: number;
    dollars: number | undefined;
  }) => string;
  readonly conversations: string;
  readonly heads: Readonly<
    Record<"calls" | "sent" | "received" | "cacheRead" | "cacheWrite" | "cost", string>
  >;
  readonly nothing: string;
  readonly budget: string;
  /** Tokens of models without a price, dollars of the others. */
  readonly left: (facts: { tokens: number; dollars: number; unpriced: readonly string[] }) => string;
  readonly usedUp: string;
}

export const usagePhrases: UsagePhrases = {
  turn: "last turn",
  session: "conversation",
  today: "today",
  total: "in all",
  tokens: ({ sent, received, cachedPercent, cacheWrites, dollars }) =>
    [
      `${sent.toLocaleString("en")} in`,
      `${received.toLocaleString("en")} out`,
      ...(cachedPercent === 0 ? [] : [`${cachedPercent} % from cache`]),
      ...(cacheWrites === 0 ? [] : [`${cacheWrites.toLocaleString("en")} written to it`]),
      ...(dollars === undefined ? [] : [toMoney(dollars)]),
    ].join(", "),
  conversations: "conversations",
  heads: {
    calls: "CALLS",
    sent: "IN",
    received: "OUT",
    cacheRead: "FROM CACHE",
    cacheWrite: "TO CACHE",
    cost: "COST",
  },
  nothing: "No model was called yet.",
  budget: "left today",
  left: ({ tokens, dollars, unpriced }) =>
    `$${dollars.toFixed(2)}, and ${tokens.toLocaleString("en")} tokens of models without a price${unpriced.length === 0 ? "" : `, as ${unpriced.join(", ")} (limits.prices)`}`,
  usedUp: "used up: goes on after midnight",
};

/** Cents, and less than one where it is. */
export function toMoney(dollars: number): string {
  return dollars < 0.01 ? `$${dollars.toFixed(4)}` : `$${dollars.toFixed(2)}`;
}

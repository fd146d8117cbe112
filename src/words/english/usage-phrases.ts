/** How many tokens there were, and what may still be used today. */
export interface UsagePhrases {
  readonly turn: string;
  readonly session: string;
  readonly today: string;
  readonly total: string;
  readonly tokens: (facts: { sent: number; received: number; cachedPercent: number }) => string;
  readonly budget: string;
  /** Tokens of models without a price, dollars of the others. */
  readonly left: (facts: { tokens: number; dollars: number }) => string;
  readonly usedUp: string;
}

export const usagePhrases: UsagePhrases = {
  turn: "last turn",
  session: "conversation",
  today: "today",
  total: "in all",
  tokens: ({ sent, received, cachedPercent }) =>
    `${sent.toLocaleString("en")} in, ${received.toLocaleString("en")} out${cachedPercent === 0 ? "" : `, ${cachedPercent} % from cache`}`,
  budget: "left today",
  left: ({ tokens, dollars }) =>
    `${tokens.toLocaleString("en")} tokens, $${dollars.toFixed(2)} of models with a price`,
  usedUp: "used up: goes on after midnight",
};

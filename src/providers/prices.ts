/** Dollars for a million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

/** When the makers' lists were read. */
export const pricesReadOn = "2026-11-26";

/** A table's row: input, output, cached input, input that is written to a cache. */
function row(input: number, output: number, cacheRead: number, cacheWrite = input): Price {
  return { input, output, cacheRead, cacheWrite };
}

/**
 * What makers list for their own interfaces. Where a price depends on the hour or on the length of a prompt it is the higher
 * one: a budget that ends early is told and raised, one that ends late is paid. GPT-5.5 beyond 272,000 tokens is the
 * exception, for prompts are kept far below.
 */
const prices: Readonly<Record<string, Price>> = {
  "claude-fable-5-1": row(10, 50, 0.25, 12.5),
  "claude-fable-5": row(10, 50, 1, 12.5),
  "claude-opus-5-5": row(4, 20, 0.2, 5),
  "claude-opus-5": row(5, 25, 0.5, 6.25),
  "claude-opus-4-8": row(5, 25, 0.5, 6.25),
  "claude-opus-4-7": row(5, 25, 0.5, 6.25),
  "claude-opus-4-6": row(5, 25, 0.5, 6.25),
  "claude-opus-4-5": row(5, 25, 0.5, 6.25),
  "claude-sonnet-5-5": row(2, 10, 0.1, 2.5),
  "claude-sonnet-5": row(2, 10, 0.2, 2.5),
  "claude-sonnet-4-6": row(3, 15, 0.3, 3.75),
  "claude-sonnet-4-5": row(3, 15, 0.3, 3.75),
  "claude-haiku-5-5": row(0.5, 2.5, 0.05, 0.625),
  "claude-haiku-4-5": row(1, 5, 0.1, 1.25),
  "gpt-5-5": row(5, 30, 0.5),
  "gpt-5-4": row(2.5, 15, 0.25),
  "gpt-5-4-mini": row(0.75, 4.5, 0.075),
  "gpt-5-4-nano": row(0.2, 1.25, 0.02),
  "gemini-3-6-flash": row(1.5, 7.5, 0.15),
  "gemini-3-5-flash": row(1.5, 9, 0.15),
  "gemini-3-5-flash-lite": row(0.3, 2.5, 0.03),
  "deepseek-flash": row(0.3, 1.2, 0.006),
  "deepseek-v4-flash": row(0.3, 1.2, 0.006),
  "deepseek-v4-pro": row(1.32, 3.96, 0.044),
};

/**
 * The price of a model by its whole name, whoever passes it on: `anthropic/claude-sonnet-5.5`, `claude-haiku-4-5-20251001`. Nothing for one
 * that is not known: it is never priced as a relative of it.
 */
export function findListedPrice(model: string): Price | undefined {
  const [name = ""] = model.toLowerCase().split("/").slice(-1);
  const plain = name.replace(/[-@]\d{8}$|-\d{4}-\d{2}-\d{2}$/, "").replaceAll(".", "-");
  return Object.hasOwn(prices, plain) ? prices[plain] : undefined;
}

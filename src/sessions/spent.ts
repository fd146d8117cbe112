import { findListedPrice } from "../providers/prices.ts";
import type { Config } from "../config.ts";
import type { ModelUsage } from "../store/usage.ts";

/** Dollars for a million tokens, by the name of a model. */
export type Prices = Config["limits"]["prices"];

/** Dollars where the model's price is known, tokens of the others. */
export interface Spent {
  readonly dollars: number;
  readonly tokens: number;
}

/** What calls of models cost, by what the configuration says of their prices. */
export function toSpent(models: readonly Pick<ModelUsage, "model" | "usage">[], prices: Prices): Spent {
  let [dollars, tokens] = [0, 0];
  for (const { model, usage } of models) {
    const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage;
    const price = findPrice(model, prices);
    if (price === undefined) tokens += inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens;
    else {
      const { input, output, cacheRead = input, cacheWrite = input } = price;
      dollars +=
        (inputTokens * input +
          outputTokens * output +
          cacheReadTokens * cacheRead +
          cacheWriteTokens * cacheWrite) /
        1e6;
    }
  }
  return { dollars, tokens };
}

/** As the owner says: by its whole name, else by the longest beginning that has a star. Else as its maker lists it. */
export function findPrice(model: string, prices: Prices): Prices[string] | undefined {
  const names = Object.keys(prices)
    .filter((name) => name === model || (name.endsWith("*") && model.startsWith(name.slice(0, -1))))
    .toSorted((one, other) => Number(other === model) - Number(one === model) || other.length - one.length);
  return names[0] === undefined ? findListedPrice(model) : prices[names[0]];
}

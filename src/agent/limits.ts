/**
 * When a turn has gone on long enough. Checked between steps, the time also within them; at a limit the model is asked once
 * more, without tools.
 */
export interface LoopLimits {
  /** Calls of the model. */
  readonly steps: number;
  readonly durationMs: number;
  /** Tokens read and written in all steps together. */
  readonly tokens: number;
  /** What one request may hold: the model's window, less room for its answer. */
  readonly contextTokens: number;
  /** Bytes of tool results handed to the model. */
  readonly bytes: number;
  /** Tool calls in one answer; the ones beyond are refused. */
  readonly callsPerStep: number;
  /** The same call with the same result this many times is a loop. */
  readonly repeats: number;
}

export const defaultLimits: LoopLimits = {
  steps: 40,
  durationMs: 30 * 60_000,
  tokens: 2_000_000,
  contextTokens: 120_000,
  bytes: 4_000_000,
  callsPerStep: 32,
  repeats: 5,
};

export interface Spent {
  readonly steps: number;
  readonly durationMs: number;
  readonly tokens: number;
  /** About as many as the next request will hold. */
  readonly contextTokens: number;
  readonly bytes: number;
  readonly repeats: number;
}

/** The first limit that was reached, in words for the model and for people. */
export function findReachedLimit(spent: Spent, limits: LoopLimits): string | undefined {
  if (spent.repeats >= limits.repeats) {
    return `the same tool call gave the same result ${spent.repeats} times`;
  }
  if (spent.steps >= limits.steps) return `the limit of ${limits.steps} steps`;
  if (spent.durationMs >= limits.durationMs) {
    return `the time limit of ${Math.round(limits.durationMs / 1000)} seconds`;
  }
  if (spent.tokens >= limits.tokens) return `the limit of ${limits.tokens} tokens`;
  if (spent.contextTokens >= limits.contextTokens) {
    return `the ${limits.contextTokens} tokens that the model can read at once`;
  }
  if (spent.bytes >= limits.bytes) return `the limit of ${limits.bytes} bytes of tool results`;
  return undefined;
}

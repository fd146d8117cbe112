import type { Clock } from "../clock.ts";
import {
  addUsage,
  noUsage,
  type Provider,
  type ProviderError,
  type ProviderEvent,
  type ProviderRequest,
} from "./provider.ts";

export interface RetryOptions {
  readonly clock: Clock;
  /** In [0, 1): spreads the retries of many turns that failed together. */
  readonly random: () => number;
}

const mostAttempts = 4;

/** Of waiting and trying together: after that a person is better told than kept waiting. */
const budgetMs = 60_000;

const firstWaitMs = 500;

/** A server that says it has too much to do is not helped by a quick retry. */
const firstWaitOfBusyMs = 2_000;

/**
 * Tries again what may pass by itself, as long as nothing has become visible: a text delta that was handed out is never
 * followed by another answer. A stream that was cut before that is tried again once.
 */
export function createRetryingProvider(provider: Provider, options: RetryOptions): Provider {
  return {
    name: provider.name,
    stream: (request, signal) => streamWithRetries(provider, request, options, signal),
  };
}

async function* streamWithRetries(
  provider: Provider,
  request: ProviderRequest,
  { clock, random }: RetryOptions,
  signal: AbortSignal,
): AsyncGenerator<ProviderEvent> {
  const start = clock.monotonic();
  let spent = noUsage;
  let wasCutBefore = false;
  for (let attempt = 1; ; attempt++) {
    let isVisible = false;
    let error: ProviderError | undefined;
    for await (const event of provider.stream(request, signal)) {
      switch (event.type) {
        case "error":
          error = event.error;
          spent = addUsage(spent, event.usage);
          break;
        case "stop":
        case "aborted":
          yield { ...event, usage: addUsage(spent, event.usage) };
          return;
        case "text-delta":
          isVisible = true;
          yield event;
          break;
        default:
          yield event;
      }
    }
    if (error === undefined) throw new Error(`The provider ${provider.name} ended without a last event.`);
    const waitMs = error.retryAfterMs ?? toWait(error, attempt, random());
    const isWorthIt =
      error.class === "retry" &&
      !isVisible &&
      !(error.wasCut && wasCutBefore) &&
      attempt < mostAttempts &&
      clock.monotonic() - start + waitMs <= budgetMs;
    if (!isWorthIt) {
      yield { type: "error", error: { ...error, wasCut: error.wasCut || isVisible }, usage: spent };
      return;
    }
    wasCutBefore ||= error.wasCut;
    yield { type: "retry", attempt, waitMs, reason: error.message };
    if (!(await sleeps(clock, waitMs, signal))) {
      yield { type: "aborted", usage: spent };
      return;
    }
  }
}

function toWait(error: ProviderError, attempt: number, random: number): number {
  const isBusy = error.status === 429 || error.status === 529;
  const longest = (isBusy ? firstWaitOfBusyMs : firstWaitMs) * 2 ** (attempt - 1);
  return Math.round(longest * (0.5 + random / 2));
}

/** False when `signal` ended it. */
async function sleeps(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(ms, signal);
    return !signal.aborted;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}

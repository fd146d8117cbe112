import { connectionWords } from "../words/english/connection.ts";
import { toMinute, toNetworkError } from "./network-failure.ts";
import type { ProviderError } from "./provider.ts";
import { toHost, type ProviderTarget } from "./target.ts";

const timeoutMs = 3_000;

/** Certificates are made out for weeks: a clock that is this far off is not what makes one invalid. */
const tolerableMs = 5 * 60_000;

/** A certificate that is not valid at this hour: says whether it is our clock that is wrong. Never throws. */
export async function toCertificateError(
  error: unknown,
  target: ProviderTarget,
  signal: AbortSignal,
): Promise<ProviderError> {
  const failure = toNetworkError(error, target);
  const theirs = await readServerClock(target.apiBase, signal);
  const now = Date.now();
  if (theirs === undefined || Math.abs(theirs - now) < tolerableMs) return failure;
  const said = connectionWords.clockWrong({
    host: toHost(target.apiBase),
    now: toMinute(now),
    theirs: toMinute(theirs),
    isBehind: now < theirs,
  });
  return { class: failure.class, ...said, wasCut: false };
}

/**
 * The time as the server's `Date` header has it. Who answers cannot be checked, for that is what has just failed: so
 * nothing of ours is sent, no key and no path, and the answer is used for a sentence and nothing else.
 */
async function readServerClock(apiBase: string, signal: AbortSignal): Promise<number | undefined> {
  try {
    const response = await fetch(new URL("/", apiBase), {
      tls: { rejectUnauthorized: false },
      redirect: "manual",
      credentials: "omit",
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    await response.body?.cancel();
    const time = Date.parse(response.headers.get("date") ?? "");
    return Number.isNaN(time) ? undefined : time;
  } catch {
    return undefined;
  }
}

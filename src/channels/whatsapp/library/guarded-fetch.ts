import { guardedFetch, type DialGuard } from "../../../egress/dial.ts";

const fetchMs = 120_000;

/** `fetch` for code that is not ours: to what `guard` allows and nowhere else, whatever it asks for. */
export function createGuardedFetch(guard: DialGuard): typeof globalThis.fetch {
  const guarded = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = input instanceof Request ? new Request(input, init) : new Request(String(input), init);
    return await guardedFetch(
      request,
      guard,
      AbortSignal.any([request.signal, AbortSignal.timeout(fetchMs)]),
    );
  };
  return Object.assign(guarded, { preconnect: () => {} });
}

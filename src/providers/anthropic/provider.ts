import { exchange } from "../exchange.ts";
import type { Provider } from "../provider.ts";
import { createRepairs } from "../repairs.ts";
import type { ProviderTarget } from "../target.ts";
import { findRepair } from "./repairs.ts";
import { toBody } from "./request.ts";
import { createAnswerReader } from "./stream.ts";

/** The Messages API of Anthropic, and of others that speak it. */
export function createProvider(target: ProviderTarget): Provider {
  const repairs = createRepairs(findRepair);
  return {
    name: target.name,
    stream: (request, signal) =>
      exchange(
        {
          target,
          model: request.model,
          path: "/v1/messages",
          headers: toHeaders(target),
          body: toBody(request, target),
          repairs,
          answer: createAnswerReader(request.messages, target.name),
        },
        signal,
      ),
  };
}

/** Who asks, in the way of this wire. */
export function toHeaders(target: ProviderTarget): Record<string, string> {
  // The version that every server of this wire knows; with a newer one Claude up to 4.6 takes no temperature.
  const version = { "anthropic-version": "2023-06-01" };
  return target.apiKey === undefined ? version : { ...version, "x-api-key": target.apiKey.open().trim() };
}

import { exchange } from "../exchange.ts";
import type { Provider } from "../provider.ts";
import { createRepairs } from "../repairs.ts";
import type { ProviderTarget } from "../target.ts";
import { findRepair } from "./repairs.ts";
import { toBody } from "./request.ts";
import { createAnswerReader } from "./stream.ts";

/** Chat Completions of OpenAI, and of the many servers that speak it. */
export function createProvider(target: ProviderTarget): Provider {
  const repairs = createRepairs(findRepair);
  return {
    name: target.name,
    stream: (request, signal) =>
      exchange(
        {
          target,
          model: request.model,
          path: "/chat/completions",
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
  return target.apiKey === undefined ? {} : { authorization: `Bearer ${target.apiKey.open().trim()}` };
}

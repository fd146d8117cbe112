import {
  noUsage,
  type Provider,
  type ProviderEvent,
  type ProviderRequest,
} from "../../src/providers/provider.ts";
import { saying } from "./loop.ts";

/** A model that begins to answer when it is told to, and can be asked what it waits for. */
export class HeldProvider implements Provider {
  readonly name = "held";
  readonly requests: ProviderRequest[] = [];
  readonly #waiting: PromiseWithResolvers<readonly ProviderEvent[]>[] = [];
  #arrivals: (() => void)[] = [];

  async *stream(request: ProviderRequest, signal: AbortSignal): AsyncGenerator<ProviderEvent> {
    this.requests.push({ ...request, messages: [...request.messages] });
    const gate = Promise.withResolvers<readonly ProviderEvent[]>();
    this.#waiting.push(gate);
    for (const resolve of this.#arrivals.splice(0)) resolve();
    signal.addEventListener("abort", () => gate.resolve([{ type: "aborted", usage: noUsage }]), {
      once: true,
    });
    if (signal.aborted) gate.resolve([{ type: "aborted", usage: noUsage }]);
    yield* await gate.promise;
  }

  async waitForRequests(count: number): Promise<void> {
    while (this.requests.length < count) await new Promise<void>((resolve) => this.#arrivals.push(resolve));
  }

  /** The request that has waited longest is answered. */
  answer(events: readonly ProviderEvent[] | string): void {
    this.#waiting.shift()?.resolve(typeof events === "string" ? saying(events) : events);
  }
}

/** The texts of the last message of a request that a person wrote, without the context behind it. */
export function lastWords({ messages }: ProviderRequest): string {
  const last = messages.findLast((message) => message.role === "user");
  const part = last?.role === "user" ? last.content[0] : undefined;
  return part?.type === "text" ? part.text : "";
}

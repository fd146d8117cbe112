import { describe, expect, test } from "bun:test";
import {
  toText,
  type Provider,
  type ProviderEvent,
  type ProviderRequest,
  type Usage,
} from "../../src/providers/provider.ts";

/** What a provider is brought to do: talk, call one tool, be cut at its token limit in a call, or fail for good. */
export type Scenario = "text" | "call" | "length" | "failure";

export interface OpenProvider extends AsyncDisposable {
  readonly provider: Provider;
  readonly request: ProviderRequest;
}

export interface ProviderCase {
  readonly name: string;
  /** Ready to play the scenario any number of times. */
  open(scenario: Scenario): Promise<OpenProvider>;
  /** Scenarios that it cannot be brought to, each with the reason. */
  readonly lacks?: Partial<Record<Scenario, string>>;
}

export const shell = {
  name: "shell",
  description: "Runs a command.",
  input: { type: "object", properties: { command: { type: "string" } }, required: ["command"] },
} as const;

export function toRequest(text: string): ProviderRequest {
  return {
    model: "fake-model",
    system: "You are a test.",
    messages: [{ role: "user", content: [{ type: "text", text }] }],
    tools: [shell],
    maxTokens: 1000,
  };
}

export async function collect(stream: AsyncIterable<ProviderEvent>): Promise<ProviderEvent[]> {
  const events: ProviderEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

export function isLast(event: ProviderEvent): boolean {
  return event.type === "stop" || event.type === "error" || event.type === "aborted";
}

/** What every implementation of the port promises. */
export function testProvider(subject: ProviderCase): void {
  describe(`the provider ${subject.name}`, () => {
    function scenario(kind: Scenario, sentence: string, run: (open: OpenProvider) => Promise<void>): void {
      const lack = subject.lacks?.[kind];
      test.skipIf(lack !== undefined)(`${sentence}${lack === undefined ? "" : ` (${lack})`}`, async () => {
        await using open = await subject.open(kind);
        await run(open);
      });
    }

    scenario("text", "streams a text whose deltas are the message", async ({ provider, request }) => {
      const events = await collect(provider.stream(request, never));
      const deltas = events.map((event) => (event.type === "text-delta" ? event.text : "")).join("");
      expect(events.filter(isLast)).toHaveLength(1);
      const last = events.at(-1);
      if (last?.type !== "stop") throw new Error(`It ended with ${last?.type}.`);
      expect(last.reason).toBe("end");
      expect(deltas).not.toBe("");
      expect(toText(last.message)).toBe(deltas);
      expectSane(last.usage);
    });

    scenario("call", "hands out a tool call whole and only at the end", async ({ provider, request }) => {
      const events = await collect(provider.stream(request, never));
      const last = events.at(-1);
      if (last?.type !== "stop") throw new Error(`It ended with ${last?.type}.`);
      expect(last.reason).toBe("tool-calls");
      const calls = last.message.content.filter((part) => part.type === "tool-call");
      expect(calls.map((call) => call.name)).toEqual(["shell"]);
      expect(JSON.parse(calls[0]?.arguments ?? "")).toEqual({ command: "uname -a" });
      expect(calls[0]?.id).not.toBe("");
    });

    scenario("length", "leaves out the calls of an answer that was cut at its limit", async (open) => {
      const last = (await collect(open.provider.stream(open.request, never))).at(-1);
      if (last?.type !== "stop") throw new Error(`It ended with ${last?.type}.`);
      expect(last.reason).toBe("length");
      expect(last.message.content.filter((part) => part.type === "tool-call")).toEqual([]);
    });

    scenario("failure", "reports a failure as its last event and throws nothing", async (open) => {
      const events = await collect(open.provider.stream(open.request, never));
      const last = events.at(-1);
      if (last?.type !== "error") throw new Error(`It ended with ${last?.type}.`);
      expect(events.filter(isLast)).toHaveLength(1);
      expect(last.error.message).not.toBe("");
      expectSane(last.usage);
    });

    scenario("text", "answers a signal that is already aborted with nothing but that", async (open) => {
      const events = await collect(open.provider.stream(open.request, AbortSignal.abort()));
      expect(events.map((event) => event.type)).toEqual(["aborted"]);
    });

    scenario(
      "text",
      "ends with one last event, wherever the signal aborts",
      async ({ provider, request }) => {
        const total = (await collect(provider.stream(request, never))).length;
        for (let abortAt = 1; abortAt <= total; abortAt++) {
          const controller = new AbortController();
          const types: string[] = [];
          for await (const event of provider.stream(request, controller.signal)) {
            types.push(event.type);
            if (types.length === abortAt) controller.abort();
          }
          expect(types.slice(0, abortAt)).not.toContain("aborted");
          expect(types.at(-1)).toBe(abortAt === total ? "stop" : "aborted");
        }
      },
    );

    scenario("text", "lets a reader leave at any event", async ({ provider, request }) => {
      const total = (await collect(provider.stream(request, never))).length;
      for (let leaveAt = 1; leaveAt <= total; leaveAt++) {
        let seen = 0;
        for await (const event of provider.stream(request, never)) {
          expect(event.type).not.toBe("error");
          if (++seen === leaveAt) break;
        }
      }
    });

    scenario("text", "keeps two streams at once apart", async ({ provider, request }) => {
      const [left, right] = await Promise.all([
        collect(provider.stream(request, never)),
        collect(provider.stream(request, never)),
      ]);
      expect(left.at(-1)?.type).toBe("stop");
      expect(right.at(-1)?.type).toBe("stop");
    });
  });
}

const never = new AbortController().signal;

function expectSane(usage: Usage): void {
  for (const count of Object.values(usage)) {
    expect(Number.isSafeInteger(count)).toBe(true);
    expect(count).toBeGreaterThanOrEqual(0);
  }
}

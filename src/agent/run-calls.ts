import type { Clock } from "../clock.ts";
import { drawBoundary } from "../fence.ts";
import type { ToolCall, ToolResultMessage } from "../providers/provider.ts";
import type { Emit } from "./events.ts";
import type { ToolOutcome, ToolRunner } from "../tools/tool-runner.ts";
import { interruptedResult } from "./transcript.ts";

const concurrency = 8;

/**
 * Runs the calls of one answer, several at once; the results come back in the order of the calls, one for each, also
 * when the turn is cancelled. Every call is on record as started before the first one runs. Rejects when the record
 * cannot be kept: then what runs is ended, nothing more is begun, and no call outlives this function.
 */
export async function runCalls(
  calls: readonly ToolCall[],
  tools: ToolRunner,
  options: { readonly clock: Clock; readonly limit: number },
  emit: Emit,
  signal: AbortSignal,
): Promise<ToolResultMessage[]> {
  const titles = calls.map((call) => tools.title(call));
  await Promise.all(
    calls.map(async (call, index) => {
      const title = titles[index] ?? call.name;
      await emit({ type: "tool-start", callId: call.id, name: call.name, title, arguments: call.arguments });
    }),
  );
  const results: ToolResultMessage[] = [];
  const failure = new AbortController();
  const ending = AbortSignal.any([signal, failure.signal]);
  const waiting = calls.entries();
  async function work(): Promise<void> {
    for (const [index, call] of waiting) {
      failure.signal.throwIfAborted();
      const startedAt = options.clock.monotonic();
      const outcome =
        index < options.limit
          ? await runOne(call, tools, emit, ending)
          : toRefusal(calls.length, options.limit);
      const { content, images = [], isError, details, isForeign = false } = outcome;
      const boundary = isForeign ? { boundary: drawBoundary() } : {};
      const result = {
        role: "tool",
        callId: call.id,
        name: call.name,
        content,
        isError,
        ...boundary,
      } as const;
      const message = images.length === 0 ? result : { ...result, images };
      results[index] = message;
      const durationMs = options.clock.monotonic() - startedAt;
      await emit({ type: "tool-end", message, title: titles[index] ?? call.name, durationMs, details });
    }
  }
  async function workUntilFailure(): Promise<void> {
    try {
      await work();
    } catch (error) {
      failure.abort(error);
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, calls.length) }, workUntilFailure));
  failure.signal.throwIfAborted();
  return results;
}

async function runOne(
  call: ToolCall,
  tools: ToolRunner,
  emit: Emit,
  signal: AbortSignal,
): Promise<ToolOutcome> {
  function progress(text: string): void {
    void emit({ type: "tool-progress", callId: call.id, text });
  }
  try {
    signal.throwIfAborted();
    return await tools.run(call, progress, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    return { content: `Cancelled. ${interruptedResult}`, isError: true, details: { isCancelled: true } };
  }
}

function toRefusal(count: number, limit: number): ToolOutcome {
  return {
    content: `Not run: ${count} calls in one answer, the limit is ${limit}. Make fewer at a time.`,
    isError: true,
    details: {},
  };
}
